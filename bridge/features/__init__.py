"""The features, and what the core does with what they give: see `bridge/foundations/feature.py`."""

from bridge.consultations.feature import CONSULTATIONS
from bridge.features.learning import LEARNING
from bridge.features.office import OFFICE
from bridge.features.persons import PERSONS
from bridge.foundations.deadlines import tables as deadlines
from bridge.foundations.feature import Feature
from bridge.foundations.files import tables as files
from bridge.foundations.forms.feature import FORMS
from bridge.sessions.feature import SESSIONS

FILES = Feature(name="files", personal_tables=files.PERSONAL_TABLES)
DEADLINES = Feature(name="deadlines", personal_tables=deadlines.PERSONAL_TABLES)

FEATURES: tuple[Feature, ...] = (
    OFFICE, LEARNING, PERSONS, FILES, DEADLINES, FORMS, SESSIONS, CONSULTATIONS,
)  # fmt: skip
"""A feature adds its `Feature` here. Pages, jobs and commands are given this tuple."""
