"""The form of a session: what is scheduled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from bridge.config import Region
from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import Language
from bridge.sessions.live_sessions import data_of
from bridge.sessions.providers.targets import (
    BIGBLUEBUTTON,
    LABELS,
    Provider,
    Target,
    target_of,
    zoom_link,
)
from bridge.sessions.rules import MAX_LENGTHS, MAX_SEATS, SessionData, Times, end_of
from bridge.sessions.tables import LiveSession
from bridge.web.layout.form_fields import tidy_text
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translated_text

FILL_IN = lazy_gettext("Fill in this field.")


class DateForm(PageForm):
    """When a session is."""

    day = DateField(lazy_gettext("Day"), [InputRequired(FILL_IN)])
    starts = TimeField(lazy_gettext("Starts at"), [InputRequired(FILL_IN)])
    ends = TimeField(lazy_gettext("Ends at"), [InputRequired(FILL_IN)])
    zone = StringField(
        lazy_gettext("Time zone"), [InputRequired(FILL_IN), Length(max=64)], filters=[tidy_text]
    )

    def times(self) -> Times:
        """What was typed; over midnight, it ends on the next day. Raises SessionError."""
        starts = datetime.combine(self.day.data, self.starts.data)
        return Times(starts, end_of(starts, self.ends.data), str(self.zone.data))


class SessionForm(DateForm):
    """A session. `topic` is `curriculum/topic/part`, without a part `curriculum/topic/`."""

    version = HiddenField()
    topic = SelectField(lazy_gettext("Topic"), [InputRequired(FILL_IN)])
    online = BooleanField(lazy_gettext("One can take part online"))
    seats_online = IntegerField(
        lazy_gettext("Seats online"), [Optional(), NumberRange(1, MAX_SEATS)]
    )
    provider = SelectField(lazy_gettext("How people join online"), default="link")
    link = StringField(
        lazy_gettext("Link to join"), [Length(max=MAX_LENGTHS["link"])], filters=[tidy_text],
        render_kw={"inputmode": "url"},
    )  # fmt: skip
    zoom = StringField(
        lazy_gettext("Number of the meeting in Zoom"), [Length(max=40)], filters=[tidy_text],
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip
    in_person = BooleanField(lazy_gettext("One can take part in person"))
    seats_room = IntegerField(
        lazy_gettext("Seats in the room"), [Optional(), NumberRange(1, MAX_SEATS)]
    )
    room = StringField(
        lazy_gettext("Room or address"), [Length(max=MAX_LENGTHS["room"])], filters=[tidy_text]
    )
    region = SelectField(lazy_gettext("Region"))
    leaders = TextAreaField(lazy_gettext("Leaders"), [Length(max=4_000)], render_kw={"rows": 3})
    materials = TextAreaField(
        lazy_gettext("Materials"), [Length(max=MAX_LENGTHS["materials"])], render_kw={"rows": 6}
    )

    def offer(
        self,
        curricula: Sequence[Curriculum],
        regions: Mapping[str, Region],
        language: Language,
        providers: Collection[Provider],
    ) -> None:
        """Set the topics, regions and providers of meetings to choose from."""
        offered = {*providers, self.provider.data}
        self.provider.choices = [
            SelectChoice(each, translated_text(LABELS[each])) for each in LABELS if each in offered
        ]
        self.topic.choices = [SelectChoice(*each) for each in topic_choices(curricula, language)]
        everywhere = SelectChoice("", gettext("None: no regional chair sees it here"))
        named = [SelectChoice(key, each.name) for key, each in regions.items()]
        self.region.choices = [everywhere, *named]

    def validate_room(self, _field: Form) -> None:
        if self.in_person.data and not self.room.data:
            raise ValidationError(gettext("Say where people meet in person."))

    def data_to_schedule(self) -> SessionData:
        """What was typed. Raises SessionError."""
        curriculum, topic, part = str(self.topic.data).split("/")
        return SessionData(
            curriculum=curriculum, topic=topic, part=part, times=self.times(),
            online=bool(self.online.data), in_person=bool(self.in_person.data),
            seats_online=self.seats_online.data, seats_room=self.seats_room.data,
            link=self._link(), room=str(self.room.data or ""),
            region=str(self.region.data or ""), materials=str(self.materials.data or ""),
        )  # fmt: skip

    def _link(self) -> str:
        """How people join, of what was chosen. Raises SessionError."""
        match self.provider.data:
            case "bigbluebutton":
                return BIGBLUEBUTTON
            case "zoom":
                return zoom_link(str(self.zoom.data or ""))
            case _:
                return str(self.link.data or "")

    @property
    def leader_names(self) -> list[str]:
        """The member numbers and addresses that were typed, one on each line."""
        return [line.strip() for line in str(self.leaders.data or "").splitlines() if line.strip()]


def values_of(live: LiveSession, leaders: Sequence[str]) -> dict[str, object]:
    """What the form shows of a session."""
    data, target = data_of(live), target_of(live.link) or Target("link")
    return {
        "version": live.version, "topic": f"{data.curriculum}/{data.topic}/{data.part}",
        "day": live.starts.date(), "starts": live.starts.time(), "ends": live.ends.time(),
        "zone": live.zone, "online": data.online, "seats_online": data.seats_online,
        "provider": target.provider, "link": target.address, "zoom": target.meeting,
        "in_person": data.in_person, "seats_room": data.seats_room,
        "room": data.room, "region": data.region, "leaders": "\n".join(leaders),
        "materials": data.materials,
    }  # fmt: skip


def topic_choices(curricula: Sequence[Curriculum], language: Language) -> list[tuple[str, str]]:
    """Every topic, or each part of a series, with its title."""
    found = []
    for curriculum in curricula:
        for topic in curriculum.topics:
            start, title = f"{curriculum.key}/{topic.key}/", topic.title.shown(language)
            parts = [(start + each.key, f"{title} – {each.title.shown(language)}")
                     for each in topic.parts]  # fmt: skip
            found += parts or [(start, title)]
    return found
