"""Turns errors of the database driver into errors that tell people what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bridge.errors import MissingRow, StoreError
from bridge.store.write_queue import WaitedTooLong

MIGRATE_HINT = "Restart the service: it updates the tables when it starts."
CHECK_URL = (
    "Check that the database runs, and its address in STEWARDPATH_DATABASE_URL or `database.url`."
)
REPORT_HINT = "Report this with the log."

MISSING = "a record refers to one that was deleted meanwhile."
BUSY = "another process kept the database busy too long."

# The drivers share no error codes, so the first text found in the message or name decides.
KNOWN_ERRORS = (
    ("not a database", "the file is not a database.", "Check the path in `database.url`."),
    ("malformed", "the database file is damaged.", "Restore it from a backup."),
    ("is locked", BUSY, "Try again."),
    ("ReadOnlySqlTransaction", "a read-only session tried to write.", REPORT_HINT),
    ("attempt to write a readonly", "the database is read-only now.", REPORT_HINT),
    ("is full", "the disk is full.", "Free some space, then try again."),
    ("no such table", "its tables don't exist yet.", MIGRATE_HINT),
    ("UndefinedTable", "its tables don't exist yet.", MIGRATE_HINT),
    ("no such column", "its tables are out of date.", MIGRATE_HINT),
    ("UndefinedColumn", "its tables are out of date.", MIGRATE_HINT),
    ("DeadlockDetected", "two processes changed the same records.", "Try again."),
    ("SerializationFailure", "two processes changed the same records.", "Try again."),
    ("authentication failed", "it refused the user or the password.", CHECK_URL),
    ("no password supplied", "it requires a password.", CHECK_URL),
    ("does not exist", "the database or its user does not exist.", CHECK_URL),
)


@contextmanager
def as_store_error(place: str) -> Iterator[None]:
    """Turn driver errors raised inside into a StoreError with `where=place`."""
    try:
        yield
    except DBAPIError as error:
        # Not chained: the driver's message can quote the record, with personal data.
        raise _store_error(error, place) from None
    except WaitedTooLong:
        raise StoreError(BUSY, where=place, todo="Try again.") from None
    except PoolTimeout:
        raise StoreError(
            "every database connection is in use.", where=place, todo="Try again."
        ) from None


def _store_error(error: DBAPIError, place: str) -> StoreError:
    kind = type(error.orig).__name__
    message = f"{kind} {error.orig}"
    if isinstance(error, IntegrityError):
        if "FOREIGN KEY" in message.upper() or kind == "ForeignKeyViolation":
            return MissingRow(MISSING, where=place, todo="Try again.")
        what = f"a record conflicts with the stored data ({kind})."
        return StoreError(what, where=place, todo="Try again. If it happens again, report it.")
    for text, what, todo in KNOWN_ERRORS:
        if text in message:
            return StoreError(what, where=place, todo=todo)
    if isinstance(error, OperationalError):
        return StoreError(f"cannot be reached ({kind}).", where=place, todo=CHECK_URL)
    return StoreError(f"the database reported {kind}.", where=place, todo=REPORT_HINT)
