"""New files are valid, and the list of milestones is edited in place."""

from __future__ import annotations

import pytest

from bridge.curriculum.editing.milestone_list import (
    CannotList,
    milestones_in,
    with_milestone,
    without_milestone,
)
from bridge.curriculum.editing.starter_files import (
    new_curriculum,
    new_forms,
    new_milestone,
    new_programs,
    new_sessions,
)
from bridge.curriculum.reader import read_text

FLOW = "# c\ncurriculum: x\nmilestones: [one,\n  two, three]  # in order\ntitle: T\n"
BLOCK = "curriculum: x\nmilestones:\n  - one   # the first\n  - two\n\n  - three\ntitle: T\n"
LAST = "milestones:\n- one\n- two"
LISTS = pytest.mark.parametrize("text", [FLOW, BLOCK, LAST])


@LISTS
@pytest.mark.parametrize("after", ["one", "two", "", None])
def test_a_milestone_can_be_added_and_removed(text: str, after: str | None) -> None:
    keys = milestones_in(text)
    longer = with_milestone(text, "new", after)
    at = 0 if after == "" else keys.index(after) + 1 if after else len(keys)
    assert milestones_in(longer) == [*keys[:at], "new", *keys[at:]]
    assert without_milestone(longer, "new").rstrip("\n") == text.rstrip("\n")


@LISTS
def test_removing_a_milestone_keeps_everything_else(text: str) -> None:
    for key in milestones_in(text):
        shorter = without_milestone(text, key)
        assert milestones_in(shorter) == [each for each in milestones_in(text) if each != key]
        assert shorter.count("title: T") == text.count("title: T")


@pytest.mark.parametrize(
    "text",
    ["milestones: [one]", "milestones: ['one', two]", "title: x", "milestones: one", "[", ""],
)
def test_a_list_that_cannot_be_edited_safely_is_refused(text: str) -> None:
    with pytest.raises(CannotList):
        without_milestone(text, "one")


@pytest.mark.parametrize("languages", [["en"], ["fr"], ["en", "fr"], ["en", "iu"]])
@pytest.mark.parametrize("title", ["Shop floor", 'A "quoted": # title', "Été — l'accueil, [x]"])
def test_new_curricula_and_milestones_are_valid(languages: list[str], title: str) -> None:
    new_files = new_curriculum("shop-floor", title, languages)
    new_files["next.yaml"] = new_milestone("a-very-long-key-of-28-letter", title, languages)
    new_files["curriculum.yaml"] = with_milestone(
        new_files["curriculum.yaml"], "a-very-long-key-of-28-letter"
    )
    new_files["forms.yaml"] = new_forms(languages)
    new_files["programs.yaml"] = new_programs(languages, 2028)
    new_files["sessions.yaml"] = new_sessions(languages)
    reading = read_text({name: text.encode() for name, text in new_files.items()})
    assert {each.message.partition(": ")[0][-10:] for each in reading.problems} == {"unfinished"}
    assert {each.severity for each in reading.problems} == {"warning"}
    assert reading.curriculum is not None
    assert reading.curriculum.title.translations == tuple((each, title) for each in languages)
    assert reading.curriculum.milestones[1].title.pick(languages[-1]) == title


def test_new_sessions_have_the_topics_that_milestones_require() -> None:
    files = new_curriculum("a-path", "A path", ["en"])
    files["first-step.yaml"] += "  - session: hearings\n  - led: mobilizing-members\n"
    files["sessions.yaml"] = new_sessions(["en"], ["hearings", "mobilizing-members"])
    curriculum = read_text({name: text.encode() for name, text in files.items()}).curriculum
    assert curriculum is not None
    assert [each.key for each in curriculum.topics] == ["hearings", "mobilizing-members"]
