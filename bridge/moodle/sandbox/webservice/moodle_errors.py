"""Moodle's errors: exception class, errorcode and message of its REST answers."""

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
        """The JSON data of the answer."""
        code = {"errorcode": self.errorcode} if self.errorcode else {}
        return {"exception": self.exception, **code, "message": self.message}


def invalid_parameter() -> MoodleException:
    """Moodle's error for nearly every invalid value; only debug mode shows which one."""
    return MoodleException(
        "invalidparameter",
        "Invalid parameter value detected",
        "core\\exception\\invalid_parameter_exception",
    )


def invalid_response() -> MoodleException:
    """The function ran, but its return value did not match its description."""
    return MoodleException(
        "invalidresponse",
        "Invalid response value detected",
        "core\\exception\\invalid_response_exception",
    )


def missing_record(table: str) -> MoodleException:
    """A required record is missing; `table` is Moodle's name of the table, or ''."""
    code = "invalidrecord" if table else "invalidrecordunknown"
    where = f" table {table}" if table else ""
    return MoodleException(
        code,
        f"Can't find data record in database{where}.",
        "dml_missing_record_exception",
    )


def php_error(message: str) -> MoodleException:
    """A PHP error, which has no code."""
    return MoodleException("", message, "Error")


def access_denied() -> MoodleException:
    """The function is not in the service of the token."""
    return MoodleException(
        "accessexception", "Access control exception", "webservice_access_exception"
    )


def invalid_token() -> MoodleException:
    """The token does not exist."""
    return MoodleException("invalidtoken", "Invalid token - token not found")


def maintenance() -> MoodleException:
    """Moodle's maintenance mode, as turned on by its settings page."""
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
