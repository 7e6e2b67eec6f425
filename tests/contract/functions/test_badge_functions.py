"""The badge functions."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

from tests.contract.moodle_site import MoodleSite


def _png(shade: int) -> str:
    """A plain PNG image of 64 by 64 pixels, in base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = b"".join(b"\0" + bytes([shade, 90, 140]) * 64 for _ in range(64))
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def _save(moodle_site: MoodleSite, **more: Any) -> dict[str, Any]:
    badge = {"name": "New Steward", "description": "Has begun", "image": _png(10)}
    answer = moodle_site.moodle.plugin(
        "save_badge", idnumber=moodle_site.id("badge"), **{**badge, "imagehash": "i1", **more}
    )
    return dict(answer)


def _known(moodle_site: MoodleSite) -> list[dict[str, Any]]:
    state = moodle_site.moodle.plugin("get_site_state", prefix=moodle_site.prefix)
    return list(state["badges"])


def test_save_badge_reports_its_action(moodle_site: MoodleSite) -> None:
    first = _save(moodle_site)
    assert first["action"] == "created"
    same = {"id": first["id"], "action": "unchanged"}
    assert _save(moodle_site) == same
    assert _save(moodle_site, image="") == same
    assert _save(moodle_site, image=_png(20), imagehash="i2")["action"] == "updated"
    assert _save(moodle_site, image="", imagehash="i2", name="Steward")["action"] == "updated"
    assert _known(moodle_site) == [
        {
            "id": first["id"],
            "idnumber": moodle_site.id("badge"),
            "name": "Steward",
            "description": "Has begun",
            "imagehash": "i2",
            "status": True,
        }
    ]


def test_a_badge_is_issued_once(moodle_site: MoodleSite) -> None:
    _save(moodle_site)
    user = moodle_site.user()["id"]
    first = moodle_site.moodle.plugin("issue_badge", idnumber=moodle_site.id("badge"), userid=user)
    assert (first["issued"], first["already"], bool(first["hash"])) == (True, False, True)
    again = moodle_site.moodle.plugin("issue_badge", idnumber=moodle_site.id("badge"), userid=user)
    assert again == {"issued": False, "already": True, "hash": first["hash"]}
    assert _save(moodle_site)["action"] == "unchanged"


def test_a_badge_is_revoked_once_and_can_be_issued_again(moodle_site: MoodleSite) -> None:
    _save(moodle_site)
    named = {"idnumber": moodle_site.id("badge"), "userid": moodle_site.user()["id"]}
    plugin = moodle_site.moodle.plugin
    assert plugin("revoke_badge", **named) == {"revoked": False}
    first = plugin("issue_badge", **named)
    assert plugin("revoke_badge", **named) == {"revoked": True}
    assert plugin("revoke_badge", **named) == {"revoked": False}
    again = plugin("issue_badge", **named)
    assert (again["issued"], again["already"]) == (True, False)
    assert again["hash"] != first["hash"]


def test_revoking_an_unknown_badge_or_from_an_unknown_user(moodle_site: MoodleSite) -> None:
    function = "local_stewardpath_revoke_badge"
    user = moodle_site.user()["id"]
    refusal = moodle_site.moodle.refusal(function, idnumber=moodle_site.id("none"), userid=user)
    assert refusal["errorcode"] == "unknownbadge"
    refusal = moodle_site.moodle.refusal(function, idnumber="theirs", userid=user)
    assert refusal["errorcode"] == "notmanaged"
    _save(moodle_site)
    refusal = moodle_site.moodle.refusal(
        function, idnumber=moodle_site.id("badge"), userid=99999999
    )
    assert refusal["errorcode"] == "unknownuser"


def test_an_unknown_badge_or_user(moodle_site: MoodleSite) -> None:
    user = moodle_site.user()["id"]
    none = {"idnumber": moodle_site.id("none"), "userid": user}
    refusal = moodle_site.moodle.refusal("local_stewardpath_issue_badge", **none)
    assert refusal["errorcode"] == "unknownbadge"
    _save(moodle_site)
    unknown_user = {"idnumber": moodle_site.id("badge"), "userid": 99999999}
    refusal = moodle_site.moodle.refusal("local_stewardpath_issue_badge", **unknown_user)
    assert refusal["errorcode"] == "unknownuser"


def test_an_invalid_image(moodle_site: MoodleSite) -> None:
    badge = {
        "name": "Badge",
        "description": "",
        "imagehash": "x",
        "idnumber": moodle_site.id("badge"),
    }
    for image in ("no base64!", base64.b64encode(b"GIF89a").decode()):
        refusal = moodle_site.moodle.refusal("local_stewardpath_save_badge", **badge, image=image)
        assert refusal["errorcode"] == "badimage"
    badge["idnumber"] = "theirs"
    refusal = moodle_site.moodle.refusal("local_stewardpath_save_badge", **badge, image=_png(1))
    assert refusal["errorcode"] == "notmanaged"


def test_a_renamed_badge_stays_with_those_who_have_it(moodle_site: MoodleSite) -> None:
    saved, user = _save(moodle_site), moodle_site.user()["id"]
    before, after = moodle_site.id("badge"), moodle_site.id("new-badge")
    moodle_site.moodle.plugin("issue_badge", idnumber=before, userid=user)
    names = {"courseid": 0, "kind": "badge", "from": before, "to": after}
    renamed = moodle_site.moodle.plugin("rename", **names)
    assert renamed == {"id": saved["id"], "action": "updated"}
    assert moodle_site.moodle.plugin("rename", **names)["action"] == "unchanged"
    assert moodle_site.moodle.plugin("issue_badge", idnumber=after, userid=user)["already"]
    (state,) = moodle_site.moodle.plugin("get_member_states", userids=[user])["members"]
    assert state["badges"] == [saved["id"]]


def test_an_unknown_badge_can_not_be_renamed(moodle_site: MoodleSite) -> None:
    names = {"from": moodle_site.id("no-badge"), "to": moodle_site.id("other-badge")}
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_rename", courseid=0, kind="badge", **names
    )
    assert refusal["errorcode"] == "unknownbadge"
