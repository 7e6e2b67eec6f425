"""The error codes that say no to what was sent. Every other code is no refusal (see `codes`).

Read in Moodle 4.5.6, from each function in `functions` down to what it calls; the file after each
group shows it. Codes of this project's own plugin are told by its class, `PROBLEM`.
"""

from __future__ import annotations

PROBLEM = "local_stewardpath\\problem"
"""The class of the plugin's own errors: their codes never change, and all but `busy` are about
what was sent (`companion/classes/problem.php`)."""

_PARAMETERS = {  # lib/external/classes/external_api.php, lib/classes/exception/, course/externallib
    "invalidparameter",
    "errorinvalidparam",
    "invalidextparam",
    "invalidpersistenterror",
}
_RECORDS = {  # lib/dmllib.php (missing and multiple records), lib/modinfolib.php
    "invalidrecord",
    "invalidrecordunknown",
    "invalidcourseid",
    "invalidcourse",
    "courseidnotfound",
    "invalidcoursemodule",
    "invalidcoursemoduleid",
    "invalidmoduleid",
    "multiplerecordsfound",
    "sectionnotexist",
    "unexistingsectionid",
    "unexistingcmid",
}
_USERS = {  # user/externallib.php, user/lib.php, lib/classes/user.php (require_active_user)
    "invaliduser",
    "invaliduserid",
    "userdeleted",
    "suspended",
    "guestsarenotallowed",
    "invalidusername",
    "invalidusernameblank",
    "usernamelowercase",
    "useremailinvalid",
    "useremailduplicate",
    "usernotupdatedadmin",
    "usernotupdateddeleted",
    "usernotupdatedguest",
    "usernotupdatedremote",
}
_COURSES = {  # course/lib.php, course/classes/category.php, course/format/, lib/external/
    "shortnametaken",
    "courseidnumbertaken",
    "enddatebeforestartdate",
    "nostartdatenoenddate",
    "categoryidnumbertaken",
    "categorynamerequired",
    "categorytoolong",
    "idnumbertoolong",
    "unknowcategory",
    "unknowncategory",
    "maximumchars",
    "maxsectionslimit",
    "inplaceeditableerror",
    "completionnotenabled",
}
_COMPETENCIES = {  # competency/classes/plan.php, user_competency.php
    "errorplanstatus",
    "errorusercomptencystatus",
}
_MESSAGES = {  # message/externallib.php, message/classes/api.php
    "errormessagetoolong",
    "messageundeliveredbynotificationsettings",
    "touserdoesntexist",
    "usercantbemessaged",
}
_PLUGIN = {  # bridge/moodle/companion/lang/en/local_stewardpath.php
    "badimage",
    "badlink",
    "badpass",
    "badquestionxml",
    "idnumbertaken",
    "nametoolong",
    "noname",
    "notmanaged",
    "othercourse",
    "outofbounds",
    "questiontwice",
    "quizhasattempts",
    "unknownactivity",
    "unknownbadge",
    "unknowncourse",
    "unknownkind",
    "unknownquestion",
    "unknownsection",
    "unknowntemplate",
    "unknownuser",
    "wrongkind",
}

REFUSALS = frozenset(
    _PARAMETERS | _RECORDS | _USERS | _COURSES | _COMPETENCIES | _MESSAGES | _PLUGIN
)
"""About what was sent, whichever function says it."""

UNCONFIRMED = "usernotconfirmed"
"""Of the member that a function is about: enrolling, grades, completion (`require_active_user` in
lib/classes/user.php). The token's own user is told `wsaccessuserunconfirmed` (webservice/lib.php).
Only where no member is asked about can it be the service's account."""
