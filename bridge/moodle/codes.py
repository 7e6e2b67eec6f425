"""What Moodle's error codes mean: a wrong setting, a site that is busy, or a plain no.

One table. A code that is not in it is a refusal (`MoodleRefused`): Moodle understood and said no.
The codes were read in Moodle 4.5.6: `webservice/lib.php`, `lib/external/classes/`,
`lib/classes/exception/`, `lib/dmllib.php`, `lib/moodlelib.php` (require_login), `lib/setup.php`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from bridge.sentences import NOTHING, Quote, Sentence

SETUP = Sentence("run cli/setup.php of the plugin local_stewardpath")


class Kind(Enum):
    """What a caller can do: mend a setting, come back later, or put the record right."""

    CONFIGURATION = auto()
    LATER = auto()
    MAINTENANCE = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Meaning:
    """The kind of an error code and the advice that goes with it."""

    kind: Kind
    todo: Sentence = NOTHING


def _setting(todo: Sentence) -> Meaning:
    return Meaning(Kind.CONFIGURATION, todo)


_TOKEN = _setting(
    Sentence(
        "Set STEWARDPATH_MOODLE_TOKEN to a valid token (Site administration > Server > Web "
        "services > Manage tokens), or %(setup)s for a new one.",
        setup=SETUP,
    )
)
_SERVICE = _setting(
    Sentence(
        "Check in Site administration > Server > Web services > External services that the "
        "service is enabled, contains this function and allows the token's user, whose role "
        "needs webservice/rest:use; check the token's IP and time limits; or %(setup)s, which "
        "does all that.",
        setup=SETUP,
    )
)
_USER = _setting(
    Sentence(
        "Make the token's user confirmed, not suspended and able to log in (Site administration "
        "> Users), or %(setup)s for a new one.",
        setup=SETUP,
    )
)
_ACCESS = _setting(
    Sentence(
        "Give the token's user the service role in the system context, so that it can enter "
        "every course, or %(setup)s.",
        setup=SETUP,
    )
)
_CAPABILITY = Meaning(Kind.CONFIGURATION)
_BUSY = Meaning(Kind.LATER, Sentence("Try again later; ask the Moodle administrator if it lasts."))
_CLOSED = Meaning(Kind.MAINTENANCE, Sentence("Try again when maintenance is over."))

MEANINGS: Mapping[str, Meaning] = {
    "invalidtoken": _TOKEN,
    "invalidtimedtoken": _TOKEN,
    "invalidiptoken": _TOKEN,
    "accessexception": _SERVICE,
    "servicenotavailable": _SERVICE,
    "servicerequireslogin": _SERVICE,
    "usernotallowed": _SERVICE,
    "missingrequiredcapability": _SERVICE,
    "usernotconfirmed": _USER,
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
    # The function ran, then its return value failed Moodle's own check: what it wrote may stay.
    "invalidresponse": _setting(
        Sentence("Update local_stewardpath and Moodle; read the state again before writing again.")
    ),
    "sitemaintenance": _CLOSED,
    "upgraderunning": _CLOSED,
    "dbconnectionfailed": _BUSY,
    "dmlreadexception": _BUSY,
    "sessionwaiterr": _BUSY,
    "locktimeout": _BUSY,
    "busy": _BUSY,
}

_NO_PLUGIN = _setting(
    Sentence(
        "Install or update the plugin local_stewardpath in Moodle, then %(setup)s.", setup=SETUP
    )
)
_NOT_ALLOWED = re.compile(r"webservice\w*notallowed|wsaccess\w+")
_LAST_PARENTHESIS = re.compile(r"\((.+)\)[^()]*$")


def meaning(code: str, message: str) -> Meaning:
    """The meaning of an errorcode; `message` is read only for the capability it names."""
    if code.startswith("invalidrecord") and "external_functions" in message:
        return _NO_PLUGIN
    found = MEANINGS.get(code)
    if found is None:
        return _SERVICE if _NOT_ALLOWED.fullmatch(code) else Meaning(Kind.REFUSED)
    return _setting(_capability(message)) if found is _CAPABILITY else found


def _capability(message: str) -> Sentence:
    """Moodle puts the capability's name, in the site's language, in the last parenthesis."""
    match = _LAST_PARENTHESIS.search(message)
    return Sentence(
        "Give the role of the token's user the capability %(name)s, or %(setup)s.",
        name=Quote(f"“{match[1]}”", "") if match else Sentence("that this function needs"),
        setup=SETUP,
    )
