"""Badges: saved, issued once."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

from .world import World


def _png(shade: int) -> str:
    """A one-colour picture of 64 by 64, in base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = b"".join(b"\0" + bytes([shade, 90, 140]) * 64 for _ in range(64))
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def _save(world: World, **more: Any) -> dict[str, Any]:
    badge = {"name": "New Steward", "description": "Has begun", "image": _png(10)}
    answer = world.moodle.plugin(
        "save_badge", idnumber=world.id("badge"), **{**badge, "imagehash": "i1", **more}
    )
    return dict(answer)


def _known(world: World) -> list[dict[str, Any]]:
    state = world.moodle.plugin("get_site_state", prefix=world.prefix)
    return list(state["badges"])


def test_created_unchanged_updated(world: World) -> None:
    first = _save(world)
    assert first["action"] == "created"
    same = {"id": first["id"], "action": "unchanged"}
    assert _save(world) == same
    assert _save(world, image="") == same
    assert _save(world, image=_png(20), imagehash="i2")["action"] == "updated"
    assert _save(world, image="", imagehash="i2", name="Steward")["action"] == "updated"
    assert _known(world) == [
        {
            "id": first["id"],
            "idnumber": world.id("badge"),
            "name": "Steward",
            "description": "Has begun",
            "imagehash": "i2",
            "status": True,
        }
    ]


def test_issued_once(world: World) -> None:
    _save(world)
    user = world.user()["id"]
    first = world.moodle.plugin("issue_badge", idnumber=world.id("badge"), userid=user)
    assert (first["issued"], first["already"], bool(first["hash"])) == (True, False, True)
    again = world.moodle.plugin("issue_badge", idnumber=world.id("badge"), userid=user)
    assert again == {"issued": False, "already": True, "hash": first["hash"]}
    assert _save(world)["action"] == "unchanged"


def test_an_unknown_badge_or_user(world: World) -> None:
    user = world.user()["id"]
    none = {"idnumber": world.id("none"), "userid": user}
    refusal = world.moodle.refusal("local_stewardpath_issue_badge", **none)
    assert refusal["errorcode"] == "unknownbadge"
    _save(world)
    nobody = {"idnumber": world.id("badge"), "userid": 99999999}
    refusal = world.moodle.refusal("local_stewardpath_issue_badge", **nobody)
    assert refusal["errorcode"] == "unknownuser"


def test_an_image_that_is_none(world: World) -> None:
    badge = {"name": "Badge", "description": "", "imagehash": "x", "idnumber": world.id("badge")}
    for image in ("no base64!", base64.b64encode(b"GIF89a").decode()):
        refusal = world.moodle.refusal("local_stewardpath_save_badge", **badge, image=image)
        assert refusal["errorcode"] == "badimage"
    badge["idnumber"] = "theirs"
    refusal = world.moodle.refusal("local_stewardpath_save_badge", **badge, image=_png(1))
    assert refusal["errorcode"] == "notmanaged"
