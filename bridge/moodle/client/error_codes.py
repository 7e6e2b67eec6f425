"""What Moodle's error codes mean: the kind of error, and what an administrator can do.

Two tables: `MEANINGS` here, for errors of the service account and of the site, and
`refusal_codes`, for errors in the request. A code in neither is an error of the site: Moodle
failed, and the outcome is unknown. Source: Moodle 4.5.6, `webservice/lib.php`,
`lib/external/classes/`, `lib/classes/exception/`, `lib/dmllib.php`, `lib/ddllib.php`,
`lib/moodlelib.php` (require_login), `lib/setup.php`.
See docs/decisions/0029-every-error-has-an-owner.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from bridge.messages import NOTHING, Message, Quote
from bridge.moodle.client.idempotency import SITE_WIDE
from bridge.moodle.client.refusal_codes import ADVICE, PLUGIN_ERROR_CLASS, REFUSALS, UNCONFIRMED

SETUP = Message("run cli/setup.php of the plugin local_stewardpath")


class ErrorKind(Enum):
    """What caused an error."""

    CONFIGURATION = auto()
    """The service account, its token or role, or a site setting: a person must fix it."""
    LATER = auto()
    """The site failed before it started: nothing was carried out."""
    MAINTENANCE = auto()
    """The site is in maintenance: nothing was carried out."""
    FAILED = auto()
    """The site failed while it worked: a write may or may not have been carried out."""
    REFUSED = auto()
    """Moodle refused the request because of its content."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The kind of an error code, and the advice to show."""

    kind: ErrorKind
    todo: Message = NOTHING


def _configuration(todo: Message) -> Meaning:
    return Meaning(ErrorKind.CONFIGURATION, todo)


_TOKEN = _configuration(
    Message(
        "Set STEWARDPATH_MOODLE_TOKEN to a valid token (Site administration > Server > Web "
        "services > Manage tokens). To get a new token, %(setup)s with --rotate.",
        setup=SETUP,
    )
)
_SERVICE = _configuration(
    Message(
        "Check the service in Site administration > Server > Web services > External services: "
        "it must be enabled, contain this function and allow the token's user. The user's role "
        "needs webservice/rest:use, and the token's IP and time limits must fit. To set up all "
        "of this again, %(setup)s.",
        setup=SETUP,
    )
)
_USER = _configuration(
    Message(
        "Check the token's user in Site administration > Users: it must be confirmed, not "
        "suspended and able to log in. To create a new one, %(setup)s.",
        setup=SETUP,
    )
)
_ACCESS = _configuration(
    Message(
        "Give the token's user the service role in the system context, so that it can open "
        "every course. Or %(setup)s.",
        setup=SETUP,
    )
)
_ROLE = _configuration(
    Message(
        "Allow the role of the token's user to assign the role in moodle.learner_role (Site "
        "administration > Users > Define roles > Allow role assignments). Or %(setup)s.",
        setup=SETUP,
    )
)
_MANUAL_ENROLMENT = _configuration(
    Message(
        "Enable manual enrolment for the site (Site administration > Plugins > Enrolments) and "
        "in the course (Participants > Enrolment methods)."
    )
)
_COMPETENCIES = _configuration(
    Message("Enable competencies in Moodle (Site administration > Competencies).")
)
_MESSAGING = _configuration(
    Message("Enable the messaging system in Moodle (Site administration > Advanced features).")
)
_UNCONFIRMED = Meaning(
    ErrorKind.REFUSED,
    Message(
        "Ask the account's owner to open the link in Moodle's confirmation email, or confirm "
        "the account yourself (Site administration > Users)."
    ),
)
_CAPABILITY = Meaning(ErrorKind.CONFIGURATION)
_BUSY = Meaning(
    ErrorKind.LATER,
    Message("Try again later. If this keeps happening, ask the Moodle administrator."),
)
_FAILED = Meaning(
    ErrorKind.FAILED,
    Message(
        "Stewardpath will try again later. If this keeps happening, ask the Moodle "
        "administrator to check the PHP error log."
    ),
)
_CLOSED = Meaning(ErrorKind.MAINTENANCE, Message("Try again when the maintenance is over."))

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
    # The function ran, but its return value failed Moodle's check: its writes may remain.
    "invalidresponse": Meaning(
        ErrorKind.FAILED,
        Message("If this keeps happening, update local_stewardpath and Moodle."),
    ),
}

_NO_PLUGIN = _configuration(
    Message(
        "Install or update the plugin local_stewardpath in Moodle, then %(setup)s.", setup=SETUP
    )
)
_NOT_ALLOWED = re.compile(r"webservice\w*notallowed|wsaccess\w+")
_LAST_PARENTHESIS = re.compile(r"\((.+)\)[^()]*$")


def meaning(code: str, message: str, function: str, exception: str = "") -> Meaning:
    """The meaning of an errorcode from `function`; '' means that PHP itself failed.

    `message` is used only to find the capability or table in it; `exception` is the PHP class.
    """
    if code.startswith("invalidrecord") and "external_functions" in message:
        return _NO_PLUGIN
    if code == UNCONFIRMED and function not in SITE_WIDE:
        return _UNCONFIRMED
    if code in REFUSALS or (exception == PLUGIN_ERROR_CLASS and code not in MEANINGS):
        if function in SITE_WIDE:
            return _FAILED
        return Meaning(ErrorKind.REFUSED, ADVICE.get(code, NOTHING))
    found = MEANINGS.get(code)
    if found is None:
        return _SERVICE if _NOT_ALLOWED.fullmatch(code) else _FAILED
    return _configuration(_capability(message)) if found is _CAPABILITY else found


def _capability(message: str) -> Message:
    """Name the capability, which Moodle puts into the last parenthesis, in the site's language."""
    match = _LAST_PARENTHESIS.search(message)
    return Message(
        "Give the role of the token's user the capability %(name)s. Or %(setup)s.",
        name=Quote(f"“{match[1]}”", "") if match else Message("that this function needs"),
        setup=SETUP,
    )
