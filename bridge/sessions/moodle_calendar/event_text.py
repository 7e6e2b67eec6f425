"""What an event in Moodle's calendar says: no link to join and no names, only our page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bridge.curriculum.markdown import multilang, title_text
from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import Language, Text, plain_text
from bridge.moodle.site.course_calendar import CourseEvent, EventKey
from bridge.sessions.live_sessions import title_of
from bridge.sessions.tables import LiveSession


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. `room` takes the room."""

    online: str
    room: str
    both: str
    link: str


WORDS: Mapping[Language, Words] = {
    "en": Words(
        online="Online", room="In person: {room}", both="Online, or in person: {room}",
        link="Register, and see how to take part",
    ),
    "fr": Words(
        online="En ligne", room="En personne : {room}", both="En ligne, ou en personne : {room}",
        link="S’inscrire et voir comment participer",
    ),
}  # fmt: skip
"""Other languages get the English ones."""


def key_of(live: LiveSession) -> EventKey:
    """What the event is known by, also after the session has changed."""
    return EventKey(f"stewardpath:{live.key}", f"/sessions/{live.id}")


def event_of(live: LiveSession, curricula: Sequence[Curriculum], address: str) -> CourseEvent:
    """The event of a session, in all languages of its curriculum. `address`: before paths."""
    languages = next((each.languages for each in curricula if each.key == live.curriculum), ())
    page = address + key_of(live).page
    title = _in_all(languages, lambda language: title_of(live, curricula, language))
    about = _in_all(languages, lambda language: _about(live, language, page))
    return CourseEvent(
        key_of(live), title_text(title), multilang(about, str), int(live.starts_at.timestamp()),
        int((live.ends_at - live.starts_at).total_seconds()),
    )  # fmt: skip


def fingerprint(event: CourseEvent) -> str:
    """Differs for events that say something else."""
    parts = (event.name, event.description, event.starts, event.seconds)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _in_all(languages: Sequence[Language], text: Callable[[Language], str]) -> Text:
    """The text in these languages, or once if it is the same in all of them."""
    texts = [(language, text(language)) for language in languages or ("",)]
    if len({each for _, each in texts}) == 1 and len(texts) > 1:
        return plain_text(texts[0][1])
    return Text(tuple(texts))


def _about(live: LiveSession, language: Language, page: str) -> str:
    words = WORDS.get(language.partition("-")[0].partition("_")[0], WORDS["en"])
    if not live.in_person:
        how = words.online
    else:
        how = (words.both if live.online else words.room).format(room=live.room)
    return f'{escape(how)}. <a href="{escape(page)}">{escape(words.link)}</a>'
