"""core_webservice_get_site_info, core_get_string and core_update_inplace_editable."""

from __future__ import annotations

from bridge.moodle.sandbox.database import get, language_packs, update
from bridge.moodle.sandbox.webservice.moodle_errors import invalid_parameter, missing_record
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import PLUGIN, Call, function

RELEASE = "4.5.6 (Sandbox)"
VERSION = "2024100706"
_PLUGIN_VERSION = "2026010100"
_LANGUAGE_NAMES = {"en": "English", "fr": "Français"}
_FEATURES = ("messaging", "enablecompletion", "enablebadges", "enablecompetencies")


@function(
    "core_webservice_get_site_info",
    {"serviceshortnames": Nullable(ListOf("raw"), [])},
    learner=True,
)
def get_site_info(call: Call, _args: Args) -> object:
    """The token's user, and the functions that it may call."""
    user = get(call.db, "user", call.userid)
    if user is None:
        raise missing_record("user")
    return {
        "sitename": "Sandbox",
        "siteurl": call.url,
        "siteid": 1,
        "lang": "en",
        "userid": user["id"],
        "username": user["username"],
        "firstname": user["firstname"],
        "lastname": user["lastname"],
        "fullname": f"{user['firstname']} {user['lastname']}",
        "userissiteadmin": False,
        "release": RELEASE,
        "version": VERSION,
        "downloadfiles": 0,
        "uploadfiles": 0,
        "functions": [
            {"name": name, "version": _PLUGIN_VERSION if name.startswith(PLUGIN) else VERSION}
            for name in call.functions
        ],
        "advancedfeatures": [{"name": name, "value": 1} for name in _FEATURES],
    }


@function(
    "core_get_string",
    {
        "stringid": "raw",
        "component": Nullable("raw", "moodle"),
        "lang": Nullable("raw"),
        "stringparams": Nullable(ListOf("raw"), []),
    },
)
def get_string(call: Call, args: Args) -> object:
    """The name of a language: the only string there is. A language without a pack is refused."""
    if args.text("lang") not in language_packs(call.db):
        raise invalid_parameter()
    return _LANGUAGE_NAMES[args.text("lang")]


@function(
    "core_update_inplace_editable",
    {"component": "raw", "itemtype": "raw", "itemid": "raw", "value": "raw"},
)
def update_inplace_editable(call: Call, args: Args) -> object:
    """Rename an activity or a section, as a user does by hand."""
    table, by, column = "activity", "cmid", "name"
    if args.text("itemtype").startswith("sectionname"):
        table, by = "section", "id"
    key = int(args.text("itemid") or 0)
    if get(call.db, table, key, by=by) is None:
        raise missing_record("")
    update(call.db, table, key, {column: args.text("value")}, by=by)
    return {
        "displayvalue": args.text("value"),
        "component": args.text("component"),
        "itemtype": args.text("itemtype"),
        "value": args.text("value"),
        "itemid": args.text("itemid"),
    }
