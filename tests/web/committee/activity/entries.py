"""An entry of each kind, as the code writes them. `{member}` and the like are filled in."""

from __future__ import annotations

from collections.abc import Sequence

from tests.web.committee.activity.consultation_entries import OF_CONSULTATIONS
from tests.web.committee.activity.members_entries import OF_MEMBERS
from tests.web.committee.activity.people_entries import OF_PEOPLE
from tests.web.committee.activity.sample import Sample
from tests.web.committee.activity.saved_entries import OF_SAVED_FILTERS
from tests.web.committee.activity.service_entries import OF_THE_SERVICE

SAMPLES: Sequence[Sample] = (
    *OF_MEMBERS,
    *OF_THE_SERVICE,
    *OF_PEOPLE,
    *OF_CONSULTATIONS,
    *OF_SAVED_FILTERS,
)
