"""Error codes that refuse a request because of its content. All others are in `error_codes`.

Source: Moodle 4.5.6, all functions in `idempotency` and the code that they call; the comment
after each group names the files. The plugin's own errors are known by `PLUGIN_ERROR_CLASS`.
"""

from __future__ import annotations

from collections.abc import Mapping

from bridge.messages import Message

PLUGIN_ERROR_CLASS = "local_stewardpath\\problem"
"""The class of the plugin's own errors. Their codes never change, and all except `busy` refuse the
request because of its content (`companion/classes/problem.php`)."""

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
    "badfile",
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
"""Codes that refuse the content of a request, whichever function returns them."""

_SHORTER = Message("Shorten the key or title in the curriculum, then apply again.")
_FREE_ID_NUMBER = Message(
    "Find what has this ID number in Moodle (it may be a copy or a restored backup). Empty its ID "
    "number or delete it, then apply again."
)
ADVICE: Mapping[str, Message] = {
    "shortnametaken": Message(
        "Another course has this short name. Rename that course's short name in Moodle (Course > "
        "Settings), or change the title of the milestone or curriculum, then apply again."
    ),
    "courseidnumbertaken": _FREE_ID_NUMBER,
    "categoryidnumbertaken": _FREE_ID_NUMBER,
    "idnumbertaken": _FREE_ID_NUMBER,
    "idnumbertoolong": _SHORTER,
    "nametoolong": _SHORTER,
    "categorytoolong": _SHORTER,
    "maximumchars": _SHORTER,
    "maxsectionslimit": Message(
        "Raise the maximum number of sections (Site administration > Courses > Course default "
        "settings), or use fewer sections, then apply again."
    ),
    "multiplerecordsfound": Message(
        "Moodle has several where there should be one. Find the copies by their ID number and "
        "delete the wrong ones, then apply again."
    ),
}
"""What a person can do about a refusal, where Moodle's sentence doesn't say."""

UNCONFIRMED = "usernotconfirmed"
"""The member's email isn't confirmed: enrolment, grades, completion (`require_active_user` in
lib/classes/user.php). For the service account, Moodle uses `wsaccessuserunconfirmed`
(webservice/lib.php). If the function doesn't concern a member, this code is about the service
account too."""
