"""Finds the topic that a file names, by its key or its title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.curriculum.model import Curriculum
from bridge.curriculum.problems import Report, quoted
from bridge.curriculum.topics import Topic, TopicPart
from bridge.messages import NOTHING, Message
from bridge.sessions.schedule_files.raw_rows import RawRow


@dataclass(frozen=True, slots=True)
class TopicName:
    """A topic by its keys. `part`: '' if it has none."""

    curriculum: str
    topic: str
    part: str

    def __str__(self) -> str:
        return "/".join(filter(None, (self.curriculum, self.topic, self.part)))


@dataclass(frozen=True, slots=True)
class _Found:
    curriculum: Curriculum
    topic: Topic
    part: TopicPart | None


def find_topic_of(
    row: RawRow, curricula: Sequence[Curriculum], report: Report
) -> tuple[TopicName, int] | None:
    """The topic of a row, and how many minutes it takes; None after an error was reported.

    `session` is a key, `curriculum/topic`, `curriculum/topic/part` or a title.
    """
    given, position = row.text("session"), row.place_of("session")
    if not given:
        report.error(position, Message("say which topic it is of: `session` is missing."))
        return None
    curriculum, topic, part = _split(row)
    found = [each for each in _all(curricula) if _is_named(each, curriculum, topic, part)]
    found = found or [each for each in _all(curricula) if given in _titles(each)]
    if not found:
        _report_unknown(row, curricula, (curriculum, topic, part), report)
        return None
    if len({each.curriculum.key for each in found}) > 1:
        names = ", ".join(each.curriculum.key for each in found)
        report.error(
            position,
            Message("several curricula have this topic: %(names)s.", names=names),
            Message("name one of them under `curriculum`"),
        )
        return None
    first = found[0]
    name = TopicName(first.curriculum.key, first.topic.key, first.part.key if first.part else "")
    return name, first.topic.minutes


def current_name(curricula: Sequence[Curriculum], name: TopicName) -> TopicName:
    """The same with the keys of today, if it was renamed."""
    for each in _all(curricula):
        if _is_named(each, name.curriculum, name.topic, name.part):
            return TopicName(
                each.curriculum.key, each.topic.key, each.part.key if each.part else ""
            )
    return name


def _split(row: RawRow) -> tuple[str, str, str]:
    """Curriculum, topic and part, '' for what isn't said."""
    words = [each.strip() for each in row.text("session").split("/")]
    curriculum, part = row.text("curriculum"), row.text("part")
    if len(words) == 1:
        return curriculum, words[0], part
    return curriculum or words[0], words[1], part or "/".join(words[2:])


def _all(curricula: Sequence[Curriculum]) -> Iterator[_Found]:
    """Every topic, and of a series every part."""
    for curriculum in curricula:
        for topic in curriculum.topics:
            for part in topic.parts or (None,):
                yield _Found(curriculum, topic, part)


def _is_named(each: _Found, curriculum: str, topic: str, part: str) -> bool:
    if curriculum not in ("", each.curriculum.key):
        return False
    if each.curriculum.topic(topic) is not each.topic:
        return False
    return each.topic.part(part) is each.part if each.part else not part


def _titles(each: _Found) -> set[str]:
    """What the session may be called, in any language."""
    found = set()
    for language in each.curriculum.languages:
        title = each.topic.title.pick(language)
        found.add(f"{title} – {each.part.title.pick(language)}" if each.part else title)
    return found


def _report_unknown(
    row: RawRow, curricula: Sequence[Curriculum], wanted: tuple[str, str, str], report: Report
) -> None:
    curriculum, topic, part = wanted
    same = [each for each in _all(curricula) if each.curriculum.topic(topic) is each.topic
            and curriculum in ("", each.curriculum.key)]  # fmt: skip
    parts = [each.part.key for each in same if each.part]
    if same and not parts:
        report.error(row.place_of("part"), Message("this topic has no parts."))
        return
    if same:
        names = Message("its parts are %(names)s", names=", ".join(parts))
        missing = Message("say which part of the series it is.")
        unknown = Message("the series has no part %(part)s.", part=quoted(part))
        hint = report.suggest(row.place_of("part"), part, parts) if part else NOTHING
        report.error(row.place_of("part"), unknown if part else missing, hint or names)
        return
    if curriculum and curriculum not in {each.key for each in curricula}:
        place = row.place_of("curriculum" if row.says("curriculum") else "session")
        report.error(place, Message("there is no curriculum %(name)s.", name=quoted(curriculum)))
        return
    keys = sorted({each.topic.key for each in _all(curricula)})
    hint = report.suggest(row.place_of("session"), topic, keys)
    listed = Message("the topics are in sessions.yaml of a curriculum")
    unknown = Message("there is no topic %(name)s.", name=quoted(row.text("session")))
    report.error(row.place_of("session"), unknown, hint or listed)
