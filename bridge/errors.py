"""The errors that Stewardpath raises. Each says what is wrong, where, and what to do about it."""

from __future__ import annotations

from typing import NoReturn

from bridge.messages import as_data


class StewardpathError(Exception):
    """An error that a person can act on.

    `what` says what is wrong, in a sentence. `where` names the file, record or address, or is ''.
    `todo` says what to do now, or is ''. Never put a secret in any of them.
    """

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.todo}" if self.todo else ""
        return f"{place}{self.what}{advice}"

    def as_data(self) -> dict[str, object]:
        """The error as JSON data, so that a page can show it in the visitor's language."""
        return {"where": self.where, "what": as_data(self.what), "todo": as_data(self.todo)}


class ConfigError(StewardpathError):
    """The configuration or a secret is missing or wrong."""


class CurriculumError(StewardpathError):
    """A curriculum cannot be used. The reader lists the problems."""


class MemberError(StewardpathError):
    """A member record, CSV row or sign-off cannot be accepted."""


class PersonError(StewardpathError):
    """A person can't be added, changed or merged as asked."""


class TeamError(StewardpathError):
    """Someone can't be given a role, or it can't be taken away, as asked."""


class SavedFilterError(StewardpathError):
    """A saved filter can't be saved, changed or emailed as asked."""


class RoleHeld(MemberError, PersonError):
    """Someone has a role in Stewardpath, which must end before they can be erased."""


class NoSuchMember(MemberError):
    """There is no such member, or they have been erased meanwhile."""


class NoSuchPerson(PersonError):
    """There is no such person or member, or they have been erased meanwhile."""


class FormError(StewardpathError):
    """What was typed in a form can't be saved."""


class SessionError(StewardpathError):
    """A live session can't be scheduled, or a person can't register, as asked."""


class ConsultationError(StewardpathError):
    """A consultation can't be opened, changed or answered as asked."""


class MatchingError(StewardpathError):
    """People can't be matched for mentoring: the input contradicts itself."""


class ApplicationError(StewardpathError):
    """An application can't be sent, withdrawn or decided like this."""


class StoreError(StewardpathError):
    """The database cannot be used: it is unreachable, out of date or locked."""


class MissingRow(StoreError):
    """A record refers to one that isn't there, or not any more."""


class PlanRefused(StewardpathError):
    """A plan was not applied: it changes too much at once, or is not the plan you reviewed."""


class MailError(StewardpathError):
    """An email was not accepted. `again` says whether to retry the same email later."""

    def __init__(self, what: str, *, again: bool, where: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, todo=todo)
        self.again = again


class MailOutcomeUnknown(MailError):
    """The mail server may have accepted the email: its reply was late, lost or unreadable."""

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what, again=True, where=where, todo=todo)


class MoodleError(StewardpathError):
    """Moodle, or the network on the way to it, did not return the requested data."""


class MoodleUnavailable(MoodleError):
    """The site failed, not the request: retry later. No answer, HTTP 5xx, or HTML from a proxy.

    `after`: how many seconds the server asked to wait, if it did. `code`: Moodle's errorcode, or
    ''. `divisible`: the server was reached and failed while processing the call, so one record may
    be the cause and a call with fewer records may succeed.
    """

    def __init__(
        self,
        what: str,
        *,
        after: float | None = None,
        code: str = "",
        divisible: bool = False,
        where: str = "",
        todo: str = "",
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.after = after
        self.code = code
        self.divisible = divisible


class MoodleMaintenance(MoodleUnavailable):
    """The site is in maintenance mode. Nothing was done."""


class MoodleOutcomeUnknown(MoodleUnavailable):
    """A write may or may not have happened: check before you repeat it.

    Raised when no answer came after the request was sent, when the answer is not what the function
    returns, and for errors of the site itself (database, lock, PHP, an unknown code).
    """


class MoodleMisconfigured(MoodleError):
    """Stewardpath's own access is wrong: its token, rights, web service or protocol.

    Not retried until someone changes the setting that `todo` names.
    """


class MoodleRefused(MoodleError):
    """Moodle rejected the request: a bad record, an unknown ID, or a broken rule.

    `code`: Moodle's errorcode, for example `invalidparameter` or `quizhasattempts`.
    """

    def __init__(self, what: str, *, code: str = "", where: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, todo=todo)
        self.code = code


def unknown_value(value: object) -> NoReturn:
    """`assert_never` for templates: the last branch where each value has its own.

    Raises AssertionError.
    """
    raise AssertionError(f"a template has no branch for {value!r}")
