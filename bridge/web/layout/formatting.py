"""Times, roles and counts in the visitor's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from babel.dates import format_date, format_time
from flask_babel import get_locale, gettext, lazy_gettext, ngettext

from bridge.config import Config
from bridge.curriculum.audience import Audience
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements import role
from bridge.curriculum.text import key_as_words as key_as_words
from bridge.membership.status import LEFT, MEMBER, NOT_YET_MEMBER, RETIRED
from bridge.web.common.services import current_services
from bridge.web.layout.translation import translated_text

TIMES_REMEMBERED = 2_000


def local_time(at: datetime, form: Literal["full", "short"]) -> str:
    """A time without a zone, as the clocks there show it: with the day, or `short`: without."""
    return _local_time(at, form, str(get_locale()))


@lru_cache(maxsize=TIMES_REMEMBERED)
def _local_time(at: datetime, form: Literal["full", "short"], locale: str) -> str:
    time = format_time(at, "short", locale=locale)
    return time if form == "short" else f"{format_date(at, 'full', locale=locale)}, {time}"


def time_ago(age: timedelta | None) -> str:
    """`40 seconds ago`, in the largest unit that fits; None is `not yet`."""
    if age is None:
        return str(gettext("not yet"))
    seconds = int(age.total_seconds())
    if seconds >= 86_400:
        return str(ngettext("%(num)s day ago", "%(num)s days ago", seconds // 86_400))
    if seconds >= 3_600:
        return str(ngettext("%(num)s hour ago", "%(num)s hours ago", seconds // 3_600))
    if seconds >= 60:
        return str(ngettext("%(num)s minute ago", "%(num)s minutes ago", seconds // 60))
    return str(ngettext("%(num)s second ago", "%(num)s seconds ago", seconds))


STATUSES = {
    NOT_YET_MEMBER: lazy_gettext("not a member yet"),
    MEMBER: lazy_gettext("member"),
    RETIRED: lazy_gettext("retired member"),
    LEFT: lazy_gettext("left the union"),
}


def reason_text(reason: str) -> str:
    """Why something was withdrawn: in the visitor's language if the service says so itself."""
    return gettext(reason) if reason else ""


def status_name(status: str) -> str:
    """A status in the union, in words."""
    return str(STATUSES.get(status, key_as_words(status)))


def role_name(key: str) -> str:
    """The name of a role: the label of the settings, or else Stewardpath's own."""
    labels = current_services().config.role_labels.get(key, {})
    label = labels.get(str(get_locale())) or next(iter(labels.values()), "")
    return label or translated_text(role.role_name(key))


def reached(n: int) -> str:
    """How many people have reached a milestone, as a sentence."""
    if n == 0:
        return str(gettext("No one has reached it yet"))
    return str(ngettext("%(num)s person has reached it", "%(num)s people have reached it", n))


def audience_words(
    audience: Audience, path: Curriculum, config: Config, language: str
) -> list[str]:
    """Each condition of an audience as a short text, such as `Role: trustee`."""
    region, milestone = config.regions.get(audience.region), path.milestone(audience.milestone)
    values = (
        (gettext("Role"), role_name(audience.role)),
        (gettext("Unit"), audience.unit),
        (gettext("Region"), region.name if region else audience.region),
        (gettext("Milestone"), milestone.title.pick(language) if milestone else ""),
        (gettext("Programme"), audience.program),
        (gettext("Membership"), status_name(audience.status)),
    )
    return [
        str(gettext("%(label)s: %(value)s", label=label, value=value))
        for label, value in values
        if value
    ]
