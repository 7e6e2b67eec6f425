"""The forms of the demo: what two members and a guest have filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bridge.curriculum.model import Curriculum
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from bridge.store.database import Database
from bridge.store.persons import proof, records
from bridge.store.persons.records import PersonRecord

FORM = "suggest-training"
GUEST = PersonRecord("Kim Guest", "kim.guest@example.org", "en")
MEMBERS_ANSWERS: Mapping[str, Sequence[str]] = {
    "topic": ["Notes that help in a grievance"],
    "why": ["I never know what to write down, and when."],
    "format": ["in-person"], "days": ["evening", "weekend"], "hours": ["3"], "help": ["yes"],
}  # fmt: skip
GUESTS_ANSWERS: Mapping[str, Sequence[str]] = {
    "topic": ["Working safely alone at night"], "format": ["online"], "hours": ["1.5"],
}  # fmt: skip
DRAFT: Mapping[str, Sequence[str]] = {
    "topic": ["Reading a pay slip"], "why": ["Two colleagues asked me"], "format": ["online"],
}  # fmt: skip


def fill_in_forms(
    store: Database, curricula: Sequence[Curriculum], sender: int, drafter: int, now: datetime
) -> int:
    """One member and a guest send the form, another member has a draft. Returns how many rows.

    Does nothing if the curricula don't have the form of the shipped ones.
    """
    found = [(path, form) for path in curricula for form in path.forms if form.key == FORM]
    if not found:
        return 0
    path, form = found[0]
    names = (f"{path.key}/{form.key}",)
    with store.transaction() as session:
        guest = records.find_or_add(session, GUEST, now).id
        proof.confirm_email(session, guest, now)
        sent = {Owner(sender): MEMBERS_ANSWERS, Owner(person_id=guest): GUESTS_ANSWERS}
        for number, (owner, answers) in enumerate(sent.items(), 1):
            place = FormPlace(owner, names)
            submissions.submit(session, place, form, answers, f"demo-{number}", now)
        drafts.save(session, FormPlace(Owner(drafter), names), DRAFT, 0, now)
    return len(sent) + 1
