"""The list of functions is complete, and the documentation and the plugin follow it."""

from __future__ import annotations

import re
from pathlib import Path

from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.site.needed_functions import NEEDS, missing, needed

ROOT = Path(__file__).parents[3]
NAME = re.compile(r'"((?:core|enrol|gradereport|mod|tool)(?:_[a-z]+){2,})"')
SERVICES = ROOT / "bridge/moodle/companion/db/services.php"
TABLES = ("needed_functions.py", "idempotency.py")


def called() -> set[str]:
    """The core functions that the code names, without the sandbox, which answers them."""
    files = [
        file
        for file in (ROOT / "bridge").rglob("*.py")
        if "sandbox" not in file.parts and file.name not in TABLES
    ]
    return {name for file in files for name in NAME.findall(file.read_text("utf-8"))}


def test_the_list_has_what_the_code_calls_and_nothing_else() -> None:
    assert needed(companion=False) == called()


def test_with_the_companion_fewer_are_needed() -> None:
    assert needed(companion=True) < needed(companion=False)


def test_the_service_of_the_companion_has_them_all() -> None:
    offered = set(re.findall(r"'([a-z_]+)',", SERVICES.read_text("utf-8")))
    assert not {name for name in needed(companion=False) if not name.startswith(PLUGIN)} - offered


def test_the_documentation_lists_them_for_each_purpose() -> None:
    page = (ROOT / "docs/moodle.md").read_text("utf-8")
    rows = [
        f"| {need.purpose} | {', '.join(f'`{n}`' for n in need.functions(companion=False))} "
        f"| {need.otherwise} |"
        for need in NEEDS
    ]
    assert "\n".join(rows) in page, "write these rows into docs/moodle.md:\n" + "\n".join(rows)


def test_what_is_missing_is_named_with_what_stops() -> None:
    some = needed(companion=False) - {"core_get_string", "core_cohort_search_cohorts"}
    found = {each.need.purpose: each.functions for each in missing(some, companion=False)}
    assert found == {
        "language packs": ("core_get_string",),
        "cohorts": ("core_cohort_search_cohorts",),
    }
    assert not list(missing(some, companion=True))
