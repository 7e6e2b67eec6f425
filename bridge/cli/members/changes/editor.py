"""Who changes members on the command line, and how questions about similar members are shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import TYPE_CHECKING

from bridge.cli.common import echo, failed, library, now, print_note, show_json, user
from bridge.config import Config
from bridge.membership.names import full_name

if TYPE_CHECKING:
    from bridge.store.member_changes.similar import SimilarMember, Why
    from bridge.workflows.member_changes.outcome import Editor, Outcome

IN_WORDS: dict[Why, str] = {
    "number": "has the same number",
    "meant": "is meant by this number, by an earlier answer",
    "unnumbered": "has this email and no number yet",
    "spelling": "has the same number in another spelling",
    "details": "has the same name and email",
    "email": "has the same email",
}


def editor(config: Config, accepted: Collection[int] = ()) -> Editor:
    """The user. `accepted`: the IDs of members that they have said are other people."""
    from bridge.workflows.member_changes.outcome import Editor

    return Editor(user(), now(), tuple(library(config)), config.regions, (), accepted)


def print_outcome(outcome: Outcome, form: str, done: str) -> None:
    """Print what was done, or which members to decide about; then the exit code is 1."""
    if outcome.member_id is None:
        _print_question(outcome.similar, form)
        failed()
    if form == "json":
        show_json({"id": outcome.member_id, "changed": outcome.changed})
    else:
        echo(done if outcome.changed else "No change.")


def _print_question(similar: Collection[SimilarMember], form: str) -> None:
    if form == "json":
        found = [asdict(each.member) | {"why": each.why} for each in similar]
        show_json({"id": None, "changed": False, "similar": found})
    for each in similar:
        name = full_name(each.member.first_name, each.member.last_name)
        number = each.member.number or "no number"
        print_note(f"id:{each.member.id}  {name} ({number}) <{each.member.email}> "
                   f"{IN_WORDS[each.why]}.")  # fmt: skip
    if any(each.is_impossible for each in similar):
        print_note("Nothing was saved: this is a member already.")
    else:
        ids = " ".join(f"--other-than {each.member.id}" for each in similar)
        print_note(f"Nothing was saved. If these are other people, add {ids}.")
