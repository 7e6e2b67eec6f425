"""One tree of errors. Each says what is wrong, where, and what to do about it."""

from __future__ import annotations

from bridge.messages import as_data


class StewardpathError(Exception):
    """Something a person can act on.

    `what` is a sentence, `where` names a file, record or address ('' if it is everywhere),
    `todo` says what to do now ('' if nothing can be done). No secret belongs in any of them.
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
        """As JSON can carry it, so that a page can say it in the visitor's language."""
        return {"where": self.where, "what": as_data(self.what), "todo": as_data(self.todo)}


class ConfigError(StewardpathError):
    """The configuration or a secret is missing or wrong."""


class CurriculumError(StewardpathError):
    """A curriculum cannot be used; the problems themselves are listed by the reader."""


class MemberError(StewardpathError):
    """A member record, import row or sign-off cannot be accepted."""


class StoreError(StewardpathError):
    """The database cannot be used: unreachable, too old, or locked."""


class PlanRefused(StewardpathError):
    """A plan is not applied: too much at once, or not the plan that was reviewed."""


class MailError(StewardpathError):
    """A mail was not accepted. `again` tells whether the same mail may succeed later."""

    def __init__(self, what: str, *, again: bool, where: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, todo=todo)
        self.again = again


class MoodleError(StewardpathError):
    """Anything Moodle, or the way to it, answers that is not the data asked for."""


class MoodleUnavailable(MoodleError):
    """The site failed, not what was sent: retry later. No answer, HTTP 5xx, HTML from a proxy.

    `after` is the number of seconds to wait that the server asked for, if it did. `code` is
    Moodle's errorcode, '' if there is none. `divisible`: the server was reached and failed while
    it worked, so one record may be the cause, and a call with fewer records may succeed.
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
    """The site is in maintenance mode: nothing was carried out."""


class MoodleOutcomeUnknown(MoodleUnavailable):
    """A write that may or may not have been carried out: look before you repeat it.

    No answer after the request was sent, an answer that is not what the function returns, or an
    error of the site itself (database, lock, PHP, a code that nobody knows).
    """


class MoodleMisconfigured(MoodleError):
    """About the service's own account: a token, right, service or protocol is wrong.

    Not retried until a person changes the setting that `todo` names.
    """


class MoodleRefused(MoodleError):
    """Moodle understood and said no to *what was sent*: a bad record, an unknown id, a rule broken.

    `code` is Moodle's errorcode, for example `invalidparameter` or `quizhasattempts`.
    """

    def __init__(self, what: str, *, code: str = "", where: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, todo=todo)
        self.code = code
