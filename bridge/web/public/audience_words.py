"""The conditions of a milestone's audience, in words."""

from __future__ import annotations

from flask_babel import gettext

from bridge.config import Config
from bridge.curriculum.audience import Audience
from bridge.curriculum.model import Curriculum
from bridge.web.layout.formatting import role_name, status_name


def audience_words(
    audience: Audience, path: Curriculum, config: Config, language: str
) -> list[str]:
    """Each condition as a short text, such as `Role: trustee`."""
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
