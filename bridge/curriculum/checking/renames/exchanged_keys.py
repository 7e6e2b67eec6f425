"""Find keys that name what had another key: what is recorded would count for the wrong thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bridge.curriculum.checking.renames.likenesses import is_similar, likenesses
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.messages import Message

ByKey = dict[str, ParsedRecord]
"""Records of one kind, by their keys."""


def check_exchanged_keys(before: ByKey, now: ByKey, report: Report) -> Mapping[str, str]:
    """Warn about each key that now stands at what had another key.

    `before`: the records before the changes. Returns each such key with the other one.
    """
    taken = dict(_taken(before, now))
    reported: set[str] = set()
    for key, old in taken.items():
        if taken.get(old) != key:
            _report_taken(now[key], key, old, report)
        elif old not in reported:
            _report_exchange(now[key], key, old, report)
            reported.add(key)
    return taken


def _taken(before: ByKey, now: ByKey) -> Iterator[tuple[str, str]]:
    """Each key that names something else than before, and the key that this had."""
    changed = {key for key in before if key in now and not _is_like(before[key], now[key])}
    left = changed | (before.keys() - now.keys())
    had = {like: key for key in reversed(before) if key in left for like in likenesses(before[key])}
    for key in now:
        if key in changed:
            found = (had[like] for like in likenesses(now[key]) if like in had)
            if old := next((old for old in found if old != key), ""):
                yield key, old


def _is_like(one: ParsedRecord, other: ParsedRecord) -> bool:
    return not {*likenesses(one)}.isdisjoint(likenesses(other)) or is_similar(one, other)


def _report_exchange(record: ParsedRecord, key: str, other: str, report: Report) -> None:
    report.warning(
        record.position_of(record.schema.keys[0].name),
        Message(
            "The keys `%(key)s` and `%(other)s` have changed places. What is recorded for members "
            "belongs to the key, so it would count for the wrong one.",
            key=key, other=other,
        ),
        Message(
            "write each key where it was; to change the order, move whole entries with their keys"
        ),
    )  # fmt: skip


def _report_taken(record: ParsedRecord, key: str, old: str, report: Report) -> None:
    report.warning(
        record.position_of(record.schema.keys[0].name),
        Message(
            "This had the key `%(old)s`, and `%(key)s` was the key of something else. What is "
            "recorded for members belongs to the key, so it would count for the wrong one.",
            key=key, old=old,
        ),
        Message("write `%(old)s` again; for another key, choose one that was never used", old=old),
    )  # fmt: skip
