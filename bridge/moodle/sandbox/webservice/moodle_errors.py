"""Errors as Moodle words them: exception class, errorcode and message of its REST answers."""

from __future__ import annotations


class MoodleException(Exception):
    """An error answer: HTTP 200 with `exception`, `errorcode` and `message`."""

    def __init__(
        self, errorcode: str, message: str, exception: str = "core\\exception\\moodle_exception"
    ) -> None:
        super().__init__(message)
        self.errorcode = errorcode
        self.message = message
        self.exception = exception

    def answer(self) -> dict[str, str]:
        """What goes over the wire."""
        code = {"errorcode": self.errorcode} if self.errorcode else {}
        return {"exception": self.exception, **code, "message": self.message}


def invalid_parameter() -> MoodleException:
    """What Moodle says to nearly every bad value; which one it was only debugging shows."""
    return MoodleException(
        "invalidparameter",
        "Invalid parameter value detected",
        "core\\exception\\invalid_parameter_exception",
    )


def invalid_response() -> MoodleException:
    """The function ran, and what it returned did not fit its description."""
    return MoodleException(
        "invalidresponse",
        "Invalid response value detected",
        "core\\exception\\invalid_response_exception",
    )


def missing_record(table: str) -> MoodleException:
    """A record that must exist does not; `table` is Moodle's name of the table, if it tells."""
    code = "invalidrecord" if table else "invalidrecordunknown"
    where = f" table {table}" if table else ""
    return MoodleException(
        code,
        f"Can't find data record in database{where}.",
        "dml_missing_record_exception",
    )


def php_error(message: str) -> MoodleException:
    """PHP's own error, where Moodle did not expect what it got: it has no code."""
    return MoodleException("", message, "Error")


def access_denied() -> MoodleException:
    """The function is not in the service of the token."""
    return MoodleException(
        "accessexception", "Access control exception", "webservice_access_exception"
    )


def invalid_token() -> MoodleException:
    """The token belongs to nobody."""
    return MoodleException("invalidtoken", "Invalid token - token not found")


def maintenance() -> MoodleException:
    """Moodle's own maintenance mode, as switched on by a page."""
    return MoodleException(
        "sitemaintenance",
        "The site is undergoing maintenance and is currently not available",
    )


def not_accessible(why: str) -> MoodleException:
    """A learner may not open a course or an activity."""
    return MoodleException(
        "requireloginerror",
        f"Course or activity not accessible. ({why})",
        "core\\exception\\require_login_exception",
    )
