"""Labels of requirements and evidence, for the committee's pages."""

from __future__ import annotations

from flask_babel import gettext

from bridge.curriculum.model import (
    ActivityDone,
    AtLeast,
    Curriculum,
    HasRole,
    Link,
    Page,
    Quiz,
    Requirement,
    SignedOff,
    signoff_titles,
)
from bridge.web.layout import formatting


class RequirementLabels:
    """Labels for the keys of a curriculum, in one language."""

    def __init__(self, curriculum: Curriculum, language: str) -> None:
        self._language = language
        activities = [a for m in curriculum.milestones for a in m.course.activities]
        self._activities = {a.previously: a for a in activities if a.previously}
        self._activities |= {a.key: a for a in activities}
        titles = signoff_titles(curriculum)
        self._signoffs = {key: title.pick(language) or key for key, title in titles.items()}

    @property
    def signoffs(self) -> dict[str, str]:
        """The keys and titles of all sign-offs that the curriculum requires."""
        return self._signoffs

    def activity(self, key: str) -> str:
        """The title of an activity; its key if the curriculum no longer has it."""
        known = self._activities.get(key)
        return (known.title.pick(self._language) if known else "") or key

    def signoff(self, key: str) -> str:
        return self._signoffs.get(key, key)

    def of(self, requirement: Requirement) -> str:
        """What a member has to do to meet a requirement."""
        match requirement:
            case ActivityDone(key):
                return self._activity_requirement(key)
            case SignedOff(key):
                return str(gettext("sign-off: %(title)s", title=self.signoff(key)))
            case HasRole(role):
                return str(gettext("the role %(role)s", role=formatting.role_name(role)))
            case AtLeast(count, parts):
                each = "; ".join(map(self.of, parts))
                return str(gettext("at least %(count)s of: %(each)s", count=count, each=each))

    def _activity_requirement(self, key: str) -> str:
        title = self.activity(key)
        match self._activities.get(key):
            case Quiz():
                return str(gettext("pass the quiz “%(title)s”", title=title))
            case Page():
                return str(gettext("read the page “%(title)s”", title=title))
            case Link():
                return str(gettext("open the link “%(title)s”", title=title))
            case None:
                return title
