"""What a database driver complains of, as errors a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bridge.errors import StoreError

MIGRATE_HINT = "Start the service anew: every start brings the tables up to date."
CHECK_URL = "Check that it runs, and the address in STEWARDPATH_DATABASE_URL or `database.url`."
REPORT_HINT = "Please report this with the log."

# The first words found in the driver's message or error name decide: drivers share no codes.
SIGNS = (
    ("not a database", "the file is not a database.", "Check the path in `database.url`."),
    ("malformed", "the database file is damaged.", "Restore it from a backup."),
    ("is locked", "another process has kept the database busy too long.", "Try again."),
    ("ReadOnlySqlTransaction", "something tried to write while only reading.", REPORT_HINT),
    ("attempt to write a readonly", "the database cannot be written to now.", REPORT_HINT),
    ("is full", "the disk is full.", "Make room, then try again."),
    ("no such table", "its tables are not there yet.", MIGRATE_HINT),
    ("UndefinedTable", "its tables are not there yet.", MIGRATE_HINT),
    ("no such column", "its tables are out of date.", MIGRATE_HINT),
    ("UndefinedColumn", "its tables are out of date.", MIGRATE_HINT),
    ("DeadlockDetected", "two processes changed the same records.", "Try again."),
    ("SerializationFailure", "two processes changed the same records.", "Try again."),
    ("authentication failed", "it refuses the user or the password.", CHECK_URL),
    ("no password supplied", "it asks for a password.", CHECK_URL),
    ("does not exist", "the database or its user does not exist.", CHECK_URL),
)


@contextmanager
def as_store_error(place: str) -> Iterator[None]:
    """Turns what the driver raises inside into a StoreError at `place`."""
    try:
        yield
    except DBAPIError as error:
        # Not chained: a driver's message can quote the record, and with it a person's e-mail.
        raise _explain(error, place) from None
    except PoolTimeout:
        raise StoreError(
            "every database connection is in use.", where=place, todo="Try again."
        ) from None


def _explain(error: DBAPIError, place: str) -> StoreError:
    kind = type(error.orig).__name__
    if isinstance(error, IntegrityError):
        what = f"a record no longer fits what is stored ({kind})."
        return StoreError(what, where=place, todo="Try again; if it stays, please report it.")
    message = f"{kind} {error.orig}"
    for sign, what, todo in SIGNS:
        if sign in message:
            return StoreError(what, where=place, todo=todo)
    if isinstance(error, OperationalError):
        return StoreError(f"cannot be reached ({kind}).", where=place, todo=CHECK_URL)
    return StoreError(f"the database reported {kind}.", where=place, todo=REPORT_HINT)
