"""What Moodle's error codes mean: whose error it is, and what a caller can do about it.

Two tables: `MEANINGS` here, about the service's account and about the site, and `refusals`, about
what was sent. A code in neither is an error of the site: Moodle failed, and nobody knows how far
it came. The codes were read in Moodle 4.5.6: `webservice/lib.php`, `lib/external/classes/`,
`lib/classes/exception/`, `lib/dmllib.php`, `lib/ddllib.php`, `lib/moodlelib.php` (require_login),
`lib/setup.php`. See docs/decisions/0029-every-error-has-an-owner.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from bridge.messages import NOTHING, Message, Quote
from bridge.moodle.client.idempotency import SITE_WIDE
from bridge.moodle.client.refusal_codes import PROBLEM, REFUSALS, UNCONFIRMED

SETUP = Message("run cli/setup.php of the plugin local_stewardpath")


class ErrorKind(Enum):
    """Whose error it is."""

    CONFIGURATION = auto()
    """The service's own account, token or rights, or a setting of the site: a person must act."""
    LATER = auto()
    """The site, before it began to work: nothing was carried out."""
    MAINTENANCE = auto()
    """The site is closed: nothing was carried out."""
    FAILED = auto()
    """The site, while it worked: a write may or may not have been carried out."""
    REFUSED = auto()
    """What was sent."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The kind of an error code and the advice that goes with it."""

    kind: ErrorKind
    todo: Message = NOTHING


def _setting(todo: Message) -> Meaning:
    return Meaning(ErrorKind.CONFIGURATION, todo)


_TOKEN = _setting(
    Message(
        "Set STEWARDPATH_MOODLE_TOKEN to a valid token (Site administration > Server > Web "
        "services > Manage tokens), or %(setup)s for a new one.",
        setup=SETUP,
    )
)
_SERVICE = _setting(
    Message(
        "Check in Site administration > Server > Web services > External services that the "
        "service is enabled, contains this function and allows the token's user, whose role "
        "needs webservice/rest:use; check the token's IP and time limits; or %(setup)s, which "
        "does all that.",
        setup=SETUP,
    )
)
_USER = _setting(
    Message(
        "Make the token's user confirmed, not suspended and able to log in (Site administration "
        "> Users), or %(setup)s for a new one.",
        setup=SETUP,
    )
)
_ACCESS = _setting(
    Message(
        "Give the token's user the service role in the system context, so that it can enter "
        "every course, or %(setup)s.",
        setup=SETUP,
    )
)
_ROLE = _setting(
    Message(
        "Allow the role of the token's user to assign the role in moodle.learner_role (Site "
        "administration > Users > Define roles > Allow role assignments), or %(setup)s.",
        setup=SETUP,
    )
)
_MANUAL_ENROLMENT = _setting(
    Message(
        "Enable manual enrolment, on the site (Site administration > Plugins > Enrolments) and in "
        "the course (Participants > Enrolment methods)."
    )
)
_COMPETENCIES = _setting(
    Message("Enable competencies in Moodle (Site administration > Competencies).")
)
_MESSAGING = _setting(
    Message("Enable the messaging system (Site administration > Advanced features).")
)
_UNCONFIRMED = Meaning(
    ErrorKind.REFUSED,
    Message(
        "The account's email address is not confirmed: its owner opens the link in Moodle's email, "
        "or you confirm the account (Site administration > Users)."
    ),
)
_CAPABILITY = Meaning(ErrorKind.CONFIGURATION)
_BUSY = Meaning(
    ErrorKind.LATER, Message("Try again later; ask the Moodle administrator if it lasts.")
)
_FAILED = Meaning(
    ErrorKind.FAILED,
    Message(
        "Stewardpath tries again later; if it lasts, ask the Moodle administrator to look in the "
        "PHP error log."
    ),
)
_CLOSED = Meaning(ErrorKind.MAINTENANCE, Message("Try again when maintenance is over."))

MEANINGS: Mapping[str, Meaning] = {
    "invalidtoken": _TOKEN,
    "invalidtimedtoken": _TOKEN,
    "invalidiptoken": _TOKEN,
    "accessexception": _SERVICE,
    "servicenotavailable": _SERVICE,
    "servicerequireslogin": _SERVICE,
    "usernotallowed": _SERVICE,
    "missingrequiredcapability": _SERVICE,
    UNCONFIRMED: _USER,
    "passwordisexpired": _USER,
    "forbiddenwsuser": _USER,
    "wsaccessuserdeleted": _USER,
    "wsaccessuserexpired": _USER,
    "wsaccessusernologin": _USER,
    "wsaccessusersuspended": _USER,
    "wsaccessuserunconfirmed": _USER,
    "forcepasswordchangenotice": _USER,
    "sitepolicynotagreed": _USER,
    "usernotfullysetup": _USER,
    "requireloginerror": _ACCESS,
    "coursehidden": _ACCESS,
    "errorcoursecontextnotvalid": _ACCESS,
    "errorcatcontextnotvalid": _ACCESS,
    "restrictedcontextexception": _ACCESS,
    "nopermissions": _CAPABILITY,
    "nopermission": _CAPABILITY,
    "nocapabilitytouseparameter": _CAPABILITY,
    "cannotviewcategory": _ACCESS,
    "accessdenied": _ACCESS,
    "nopermissiontoviewgrades": _ACCESS,
    "notingroup": _ACCESS,
    "wsusercannotassign": _ROLE,
    "wsnoinstance": _MANUAL_ENROLMENT,
    "wscannotenrol": _MANUAL_ENROLMENT,
    "manualpluginnotinstalled": _MANUAL_ENROLMENT,
    "competenciesarenotenabled": _COMPETENCIES,
    "disabled": _MESSAGING,
    "sitemaintenance": _CLOSED,
    "upgraderunning": _CLOSED,
    "dbconnectionfailed": _BUSY,
    "sessionwaiterr": _BUSY,
    "busy": _BUSY,
    "dmlreadexception": _FAILED,
    "dmlwriteexception": _FAILED,
    "dmltransactionexception": _FAILED,
    "ddltablenotexist": _FAILED,
    "ddlfieldnotexist": _FAILED,
    "ddlexecuteerror": _FAILED,
    "ddldependencyerror": _FAILED,
    "locktimeout": _FAILED,
    "codingerror": _FAILED,
    "invalidstatedetected": _FAILED,
    "generalexceptionmessage": _FAILED,
    # The function ran, then its return value failed Moodle's own check: what it wrote may stay.
    "invalidresponse": Meaning(
        ErrorKind.FAILED,
        Message("Update local_stewardpath and Moodle if it lasts."),
    ),
}

_NO_PLUGIN = _setting(
    Message(
        "Install or update the plugin local_stewardpath in Moodle, then %(setup)s.", setup=SETUP
    )
)
_NOT_ALLOWED = re.compile(r"webservice\w*notallowed|wsaccess\w+")
_LAST_PARENTHESIS = re.compile(r"\((.+)\)[^()]*$")


def meaning(code: str, message: str, function: str, exception: str = "") -> Meaning:
    """The meaning of an errorcode that `function` answers, '' where PHP itself failed.

    `message` is read only for the capability or table it names, `exception` is PHP's class.
    """
    if code.startswith("invalidrecord") and "external_functions" in message:
        return _NO_PLUGIN
    if code == UNCONFIRMED and function not in SITE_WIDE:
        return _UNCONFIRMED
    if code in REFUSALS or (exception == PROBLEM and code not in MEANINGS):
        return _FAILED if function in SITE_WIDE else Meaning(ErrorKind.REFUSED)
    found = MEANINGS.get(code)
    if found is None:
        return _SERVICE if _NOT_ALLOWED.fullmatch(code) else _FAILED
    return _setting(_capability(message)) if found is _CAPABILITY else found


def _capability(message: str) -> Message:
    """Moodle puts the capability's name, in the site's language, in the last parenthesis."""
    match = _LAST_PARENTHESIS.search(message)
    return Message(
        "Give the role of the token's user the capability %(name)s, or %(setup)s.",
        name=Quote(f"“{match[1]}”", "") if match else Message("that this function needs"),
        setup=SETUP,
    )
