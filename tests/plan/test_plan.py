"""Plans: a second plan is empty, nothing is lost, and risks are reported."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.curriculum.model import Activity, Curriculum, Milestone, Section
from bridge.desired_state import UNTIMED, build_desired_state
from bridge.plan import Change, Plan, diff
from tests.support.fake_moodle import FakeMoodle
from tests.support.sample_curricula import (
    curriculum,
    edited,
    link,
    milestone,
    page,
    question,
    quiz,
    section,
    small,
)

PREFIX = "stewardpath:path:"
ACTIVITY_KEYS = [f"a{n}" for n in range(6)]
SECTION_KEYS = [f"s{n}" for n in range(4)]
MILESTONE_KEYS = [f"m{n}" for n in range(3)]
Former = dict[str, str]


@st.composite
def activities(draw: st.DrawFn, key: str, former: Former) -> Activity:
    old = former.get(key, "")
    kind = draw(st.sampled_from(["page", "link", "quiz", "quiz"]))
    if kind == "page":
        return page(key, draw(st.sampled_from(["Old", "New"])), previously=old)
    if kind == "link":
        return link(key, previously=old)
    keys = draw(st.lists(st.sampled_from(["q0", "q1", "q2"]), min_size=1, unique=True))
    asked = [question(q, draw(st.sampled_from(["Is it?", "Was it?"]))) for q in keys]
    return quiz(key, *asked, previously=old)


@st.composite
def formers(draw: st.DrawFn, keys: list[str], used: set[str], before: set[str]) -> Former:
    """For some of the new keys a key that is not used any more."""
    free = draw(st.permutations(sorted(before - used)))
    new = [key for key in keys if key in used - before]
    return dict(zip(draw(st.permutations(new)) if new else [], free, strict=False))


@st.composite
def paths(draw: st.DrawFn, before: Curriculum | None = None) -> Curriculum:
    """Any curriculum of these few keys; some renamed from what `before` has."""
    steps = draw(st.permutations(MILESTONE_KEYS))[: draw(st.integers(1, 3))]
    parts = draw(st.permutations(SECTION_KEYS))[: draw(st.integers(len(steps), 4))]
    doings = draw(st.permutations(ACTIVITY_KEYS))[: draw(st.integers(1, 6))]
    old = keys_of(before) if before else (set(), set(), set())
    was_step = draw(formers(MILESTONE_KEYS, set(steps), old[0]))
    was_part = draw(formers(SECTION_KEYS, set(parts), old[1]))
    was_doing = draw(formers(ACTIVITY_KEYS, set(doings), old[2]))
    inside: dict[str, list[Activity]] = {part: [] for part in parts}
    for doing in doings:
        inside[draw(st.sampled_from(parts))].append(draw(activities(doing, was_doing)))
    rooms: dict[str, list[Section]] = {step: [] for step in steps}
    for part in parts:
        made = section(part, *inside[part], previously=was_part.get(part, ""))
        rooms[draw(st.sampled_from(steps))].append(made)
    return curriculum(*(milestone(s, *rooms[s], previously=was_step.get(s, "")) for s in steps))


def keys_of(path: Curriculum) -> tuple[set[str], set[str], set[str]]:
    sections = [s for m in path.milestones for s in m.course.sections]
    doings = [a for s in sections for a in s.activities]
    return {m.key for m in path.milestones}, {s.key for s in sections}, {a.key for a in doings}


@given(path=paths())
def test_planned_twice_is_empty(path: Curriculum) -> None:
    moodle = FakeMoodle()
    moodle.sync(path)
    assert moodle.plan(path) == Plan()


@given(data=st.data())
def test_every_edit_converges_and_nothing_is_lost(data: st.DataObject) -> None:
    before = data.draw(paths())
    after = data.draw(paths(before))
    moodle = FakeMoodle()
    moodle.sync(before)
    for thing in moodle.things:
        if thing.kind == "quiz":
            thing.attempts = data.draw(st.integers(0, 1))
    kept = [(t, t.attempts, list(t.inside)) for t in moodle.things if t.kind != "section"]
    moodle.sync(after)
    assert moodle.plan(after).changes == ()
    for thing, attempts, inside in kept:
        assert thing in moodle.things
        assert thing.attempts == attempts
        if attempts:
            assert thing.inside == inside


def synced(path: Curriculum) -> FakeMoodle:
    moodle = FakeMoodle()
    moodle.sync(path)
    return moodle


def first(*activities: Activity, **more: object) -> Milestone:
    return replace(milestone("first", section("start", *activities)), **more)  # type: ignore[arg-type]


def actions(plan: Plan) -> list[tuple[str, str, str]]:
    return [
        (c.action, c.resource.kind, c.resource.idnumber.removeprefix(PREFIX)) for c in plan.changes
    ]


def test_resources_of_a_new_course_are_created_in_order() -> None:
    plan = FakeMoodle().plan(curriculum(first(page("hello"), quiz("check", "one"))))
    kinds = [change.resource.kind for change in plan.changes]
    assert kinds == [
        "category", "framework", "cohort", "competency", "badge", "template",
        "course", "section", "page", "question", "quiz",
    ]  # fmt: skip


def test_questions_of_one_quiz_are_one_step() -> None:
    plan = FakeMoodle().plan(curriculum(first(quiz("check", "one", "two"), quiz("more", "one"))))
    steps = [[c.resource.idnumber.removeprefix(PREFIX) for c in step] for step in plan.steps]
    assert ["check.one", "check.two"] in steps
    assert ["more.one"] in steps


RENAMED = curriculum(
    milestone("begun", section("opening", page("greeting", previously="hello"),
                               quiz("test", question("uno", previously="one"), "two",
                                    previously="check"), previously="start"),
              previously="first"),
    milestone("second", section("on", link("agreement"), quiz("deep")), after=("begun",)),
)  # fmt: skip


def test_a_rename_keeps_the_resource_and_its_attempts() -> None:
    moodle = synced(small())
    old = [moodle.find("course", "first"), moodle.find("section", "start"),
           moodle.find("page", "hello"), moodle.find("quiz", "check"),
           moodle.find("question", "check.one"), moodle.find("cohort", "first"),
           moodle.find("competency", "first")]  # fmt: skip
    moodle.find("quiz", "check").attempts = 5
    plan = moodle.sync(RENAMED)
    new = [moodle.find("course", "begun"), moodle.find("section", "opening"),
           moodle.find("page", "greeting"), moodle.find("quiz", "test"),
           moodle.find("question", "test.uno"), moodle.find("cohort", "begun"),
           moodle.find("competency", "begun")]  # fmt: skip
    assert old == new
    assert not plan.blocked
    assert not plan.risks
    assert plan.count("hide") == 0
    assert moodle.plan(RENAMED) == Plan()


def test_renames_come_first_and_the_order_is_not_a_change() -> None:
    plan = synced(small()).plan(RENAMED)
    places = [change.action == "rename" for change in plan.changes]
    assert places == sorted(places, reverse=True)
    assert places.count(True) == 9
    assert not [c for c in plan.changes if c.resource.kind in ("outline", "template")]


def test_a_question_renamed_in_a_quiz_renamed_long_ago() -> None:
    later = curriculum(first(quiz("test", question("uno", previously="one"), previously="check")))
    moodle = synced(curriculum(first(quiz("test", "one"))))
    moodle.find("quiz", "test").attempts = 1
    plan = moodle.sync(later)
    assert ("rename", "question", "test.uno") in actions(plan)
    assert not plan.blocked


def test_a_former_key_that_is_in_use_is_not_renamed() -> None:
    moodle = synced(small())
    hello = moodle.find("page", "hello")
    both = first(page("hello"), page("other", previously="hello"), quiz("check"))
    assert ("create", "page", "other") in actions(moodle.sync(edited(small(), 0, both)))
    assert moodle.find("page", "hello") is hello


def test_removed_activities_are_hidden_once_and_shown_when_they_return() -> None:
    moodle = synced(small())
    without = edited(small(), 0, first(quiz("check")))
    assert actions(moodle.sync(without)) == [("hide", "page", "hello")]
    assert not moodle.find("page", "hello").fields["visible"]
    assert moodle.plan(without) == Plan()
    assert actions(moodle.sync(small()))[0] == ("change", "page", "hello")
    assert moodle.find("page", "hello").fields["visible"]
    assert moodle.plan(small()) == Plan()


def test_a_removed_milestone_is_hidden_not_deleted() -> None:
    moodle = synced(small())
    plan = moodle.sync(replace(small(), milestones=small().milestones[:1]))
    assert {c.action for c in plan.changes} == {"hide"}
    assert ("hide", "course", "second") in actions(plan)
    assert moodle.find("quiz", "deep")


def test_a_hide_in_a_renamed_course_uses_the_new_course() -> None:
    moodle = synced(small())
    renamed = milestone("begun", section("start", quiz("check")), previously="first")
    plan = moodle.plan(edited(small(), 0, renamed))
    hide = next(change for change in plan.changes if change.action == "hide")
    assert hide.resource.course == PREFIX + "begun"


def test_hiding_a_quiz_with_attempts_is_a_risk() -> None:
    moodle = synced(small())
    moodle.find("quiz", "check").attempts = 3
    plan = moodle.plan(edited(small(), 0, first(page("hello"))))
    assert len(plan.risks) == 1
    assert "3 attempts" in plan.risks[0]
    assert "Quiz check" in plan.risks[0]


def test_the_question_list_of_a_quiz_with_attempts_stays() -> None:
    moodle = synced(small())
    check = moodle.find("quiz", "check")
    check.attempts = 3
    longer = quiz("check", question("one", "Was it so?"), "two", "three", pass_mark=80)
    plan = moodle.sync(edited(small(), 0, first(page("hello"), longer)))
    assert len(plan.blocked) == 1
    assert "3 attempts" in plan.blocked[0]
    assert [t.idnumber for t in check.inside] == [PREFIX + "check.one", PREFIX + "check.two"]
    assert check.fields["pass mark"] == 80.0
    assert ("change", "question", "check.one") in actions(plan)


def test_a_page_cannot_become_a_quiz() -> None:
    moodle = synced(small())
    plan = moodle.sync(edited(small(), 0, first(quiz("hello"), quiz("check"))))
    assert plan.changes == ()
    assert plan.blocked == (
        "stewardpath:path:hello is a page in Moodle but a quiz in the curriculum. "
        "Give it a new key.",
    )


def test_activities_cannot_move_between_courses() -> None:
    swapped = curriculum(
        milestone("first", section("start", page("hello"))),
        milestone("second", section("on", quiz("check"), link("agreement"), quiz("deep"))),
    )
    plan = synced(small()).plan(swapped)
    assert plan.changes == ()
    assert len(plan.blocked) == 1
    assert "first in Moodle but in stewardpath:path:second" in plan.blocked[0]


def test_activities_can_be_reordered_and_moved_between_sections() -> None:
    two = curriculum(milestone("first", section("s", page("a"), page("b")), section("t")))
    moved = curriculum(milestone("first", section("t", page("b")), section("s", page("a"))))
    moodle = synced(two)
    plan = moodle.sync(moved)
    assert actions(plan) == [("change", "outline", "first")]
    assert [t.idnumber for t in moodle.find("section", "t").inside] == [PREFIX + "b"]
    assert moodle.plan(moved) == Plan()


def test_an_activity_moved_to_an_unmanaged_section_is_moved_back() -> None:
    moodle = synced(small())
    check = moodle.find("quiz", "check")
    moodle.find("section", "start").inside.remove(check)
    check.parent = None
    assert actions(moodle.sync(small())) == [("change", "outline", "first")]
    assert check in moodle.find("section", "start").inside


def test_a_milestone_added_in_between_is_added_to_the_template() -> None:
    between = milestone("between", section("mid", quiz("middle")))
    first_, second = small().milestones
    longer = replace(small(), milestones=(first_, between, second))
    moodle = synced(small())
    assert ("change", "template", "path") in actions(moodle.sync(longer))
    assert moodle.plan(longer) == Plan()
    assert not [c for c in moodle.plan(small()).changes if c.resource.kind == "template"]


@pytest.mark.parametrize(("share", "risky"), [(0.3, False), (0.05, True)])
def test_many_rewrites_are_a_risk(share: float, risky: bool) -> None:
    changed = edited(small(), 0, first(page("hello", "Other"), quiz("check", pass_mark=71)))
    plan = synced(small()).plan(changed, max_share=share)
    assert bool(plan.risks) == risky
    if risky:
        assert "rewrite 2 of" in plan.risks[0]


@pytest.mark.parametrize("name", sorted(UNTIMED))
def test_settings_changed_by_hand_are_restored(name: str) -> None:
    moodle = synced(small())
    moodle.find("quiz", "check").fields[name] = 600
    plan = moodle.sync(small())
    (change,) = plan.changes
    assert [(f.name, f.old, f.new) for f in change.fields] == [(name, 600, UNTIMED[name])]
    assert moodle.plan(small()) == Plan()


def test_a_question_edited_by_hand_is_restored() -> None:
    moodle = synced(small())
    moodle.find("question", "check.one").fields["content"] = ""
    assert actions(moodle.plan(small())) == [("change", "question", "check.one")]


def test_kinds_that_cannot_be_written_become_manual_changes() -> None:
    plan = diff(build_desired_state(small()), [], able=frozenset({"category", "course", "section"}))
    assert plan.count("by-hand") == len(build_desired_state(small())) - 2 - 1 - 2 - 2
    assert all(c.action != "by-hand" for step in plan.steps for c in step)


def test_the_fingerprint_depends_on_the_changes() -> None:
    moodle, other = synced(small()), synced(small())
    changed = edited(small(), 0, first(page("hello", "Other"), quiz("check")))
    again = edited(small(), 0, first(page("hello", "Another"), quiz("check")))
    assert moodle.plan(changed).fingerprint == other.plan(changed).fingerprint
    prints = {moodle.plan(path).fingerprint for path in (small(), changed, again)}
    assert len(prints) == 3
    other.find("page", "hello").fields["content"] = "by hand"
    assert moodle.plan(changed).fingerprint != other.plan(changed).fingerprint


@given(path=paths(), other=paths())
def test_the_fingerprint_changes_exactly_with_the_changes(
    path: Curriculum, other: Curriculum
) -> None:
    moodle = FakeMoodle()
    one, two = moodle.plan(path), moodle.plan(other)
    said = [[(c.action, c.key, c.fields) for c in plan.changes] for plan in (one, two)]
    assert (one.fingerprint == two.fingerprint) == (said[0] == said[1])


def test_a_rename_knows_the_former_idnumber() -> None:
    plan = synced(small()).plan(RENAMED)
    renames: list[Change] = [c for c in plan.changes if c.action == "rename"]
    assert PREFIX + "first" in {change.former for change in renames}
    assert all(not c.former for c in plan.changes if c.action != "rename")
