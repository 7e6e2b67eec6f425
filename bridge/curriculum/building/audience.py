"""Build who something is for."""

from __future__ import annotations

from bridge.curriculum.audience import Audience
from bridge.curriculum.parsed_record import ParsedRecord


def audience_of(owner: ParsedRecord, name: str = "audience") -> Audience:
    """The audience under a key of a record; all members if the key isn't there."""
    record = owner.record_of(name)
    if record is None:
        word = owner.option(name)
        return Audience(everyone=word == "everyone", stewards=word == "stewards")
    return Audience(
        role=record.word("role"),
        unit=record.word("unit"),
        region=record.word("region"),
        milestone=record.word("milestone"),
        program=record.word("program"),
        status=record.option("status"),
    )
