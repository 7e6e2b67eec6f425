"""The page with a member's data mentions every table that the download has."""

from __future__ import annotations

from bridge.privacy import PERSONAL_TABLES
from bridge.web.me.data_summary import COUNTED, SHOWN


def test_every_exported_table_is_on_the_page() -> None:
    exported = {each.key for each in PERSONAL_TABLES if each.export is not None}
    missing = exported - SHOWN - COUNTED.keys()
    assert not missing, (
        f"the page “My account” leaves out {sorted(missing)}: add the key to COUNTED in "
        "bridge/web/me/data_summary.py, or a section to templates/web/me/personal-data.html and "
        "the key to SHOWN"
    )
    unknown = (SHOWN | COUNTED.keys()) - exported
    assert not unknown, f"nothing is exported as {sorted(unknown)}: see STORE_TABLES"
    assert not SHOWN & COUNTED.keys()
