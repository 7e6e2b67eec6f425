"""Curriculum files are read into the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.curriculum import model
from bridge.curriculum.audience import Audience
from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.library.folders import read_all, read_folder
from bridge.curriculum.model import Text
from bridge.curriculum.reader import format_problem, read_text, revision_of
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff

from .sample_files import FIRST, SECOND, TOP, changed, files, only, png, read_first, read_second

SHIPPED = Path(__file__).parents[2] / "curricula"


def small() -> model.Curriculum:
    reading = read_text(files())
    assert reading.problems == ()
    assert reading.curriculum is not None
    return reading.curriculum


def english(text: str) -> Text:
    return Text((("en", text),))


def test_the_sample_curriculum_is_read_completely() -> None:
    curriculum = small()
    assert (curriculum.key, curriculum.languages) == ("small", ("en",))
    assert curriculum.title == english("A small path")
    assert [m.key for m in curriculum.milestones] == ["first-step", "second-step"]
    first, second = curriculum.milestones
    assert (first.audience, first.access) == (Audience(), "open")
    assert first.summary == english("Where it *begins*.")
    assert first.expectations == (english("Knows where the agreement is"),)
    assert first.entry == model.Entry()
    assert second.entry == model.Entry(("first-step",), "steward")
    assert second.previously == "step-two"
    assert first.next == english("Go on.")


def test_several_former_keys_are_read() -> None:
    reading = read_second("previously: step-two", "previously: [step-two, step-b]")
    assert reading.curriculum
    assert all_keys(reading.curriculum.milestones[1]) == ("second-step", "step-two", "step-b")


def test_nested_requirements_are_read() -> None:
    first, second = small().milestones
    signoff = SignedOff("met-in-person", english("Met in person"))
    assert first.requirements == (
        ActivityDone("welcome"),
        AtLeast(1, (ActivityDone("agreement"), signoff)),
    )
    assert second.requirements[1] == AtLeast(1, (HasRole("steward"), SignedOff("training")))


def test_questions_of_all_types_are_read() -> None:
    quiz = next(small().milestones[1].course.quizzes)
    assert quiz.pass_mark == 80
    one, many, statement, word, days, pairs = quiz.questions
    assert [(c.text.pick(), c.right) for c in one.choices] == [("Yes", True), ("No", False)]
    assert [c.right for c in many.choices] == [True, True, False]
    assert (statement.correct, statement.if_true) == (False, english("It is not."))
    assert [(a.text.pick(), a.right) for a in word.answers] == [
        ("steward", True),
        ("shop steward", True),
        ("boss", False),
    ]
    assert (days.number, days.tolerance) == ("10", "0.5")
    assert [(p.left.pick(), p.right.pick()) for p in pairs.pairs] == [
        ("Steward", "speaks"),
        ("Secretary", "records"),
        ("", "plays golf"),
    ]


def test_a_short_answer_can_be_in_two_languages() -> None:
    second = changed(SECOND, "- right: shop steward", "- {en: shop steward, fr: délégué}")
    reading = read_text(files(top=changed(TOP, "[en]", "[en, fr]"), second=second))
    assert reading.curriculum is not None
    answer = next(reading.curriculum.milestones[1].course.quizzes).questions[3].answers[1]
    assert answer.text == Text((("en", "shop steward"), ("fr", "délégué")))


def test_a_badge_is_read_with_its_image() -> None:
    badge = small().milestones[1].acknowledgement.badge
    assert badge is not None
    assert (badge.image, badge.content) == ("badges/second.png", png())


def test_without_entry_a_milestone_follows_the_one_before() -> None:
    start, end = SECOND.index("entry:"), SECOND.index("course:")
    reading = read_text(files(second=SECOND[:start] + SECOND[end:]))
    assert reading.curriculum is not None
    assert reading.curriculum.milestones[1].entry == model.Entry(("first-step",))


@pytest.mark.parametrize(
    "typed", ["Yes", "No", "on", "off", "1.10", "2026-01-01", "08:30", "~", "null", "0x10", "1_000"]
)
def test_text_stays_what_was_typed(typed: str) -> None:
    reading = read_first("title: First Step", f"title: {typed}")
    assert reading.curriculum is not None
    assert reading.curriculum.milestones[0].title == english(typed)


@pytest.mark.parametrize("word", ["true", "True", "yes", "YES"])
def test_true_can_be_written_in_several_ways(word: str) -> None:
    reading = read_second("correct: no", f"correct: {word}")
    assert reading.curriculum is not None
    assert next(reading.curriculum.milestones[1].course.quizzes).questions[2].correct


def test_windows_files_differ_only_in_the_revision() -> None:
    first = changed(FIRST, "First Step", "Étape ᐃᓄᒃ")
    plain = read_text(files(first=first))
    windows = files(first="\ufeff" + first.replace("\n", "\r\n"))
    reading = read_text(windows)
    assert plain.curriculum is not None
    assert reading.curriculum is not None
    assert reading.curriculum.milestones == plain.curriculum.milestones
    assert reading.curriculum.milestones[0].title == english("Étape ᐃᓄᒃ")
    assert reading.curriculum.revision != plain.curriculum.revision


def test_revision_depends_on_names_and_contents_only() -> None:
    backwards = dict(reversed(list(files().items())))
    reading = read_text(backwards)
    assert reading.curriculum is not None
    assert reading.curriculum.revision == small().revision == revision_of(files())
    unused = read_text({**files(), "badges/unused.png": png(), "README.md": b"x"})
    assert unused.curriculum is not None
    assert unused.curriculum.revision == small().revision
    assert revision_of({"a": b"bc"}) != revision_of({"ab": b"c"})


def write(folder: Path, content: dict[str, bytes]) -> Path:
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_readings_are_cached_by_content_and_place() -> None:
    known = read_text(files())
    assert read_text({name: bytes(bytearray(one)) for name, one in files().items()}) is known
    assert read_text(files(first=FIRST + "\n# a note\n")) is not known
    assert read_text(files(), "elsewhere/") is not known


def test_a_folder_reads_like_its_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "small", {**files(), "NOTES.md": b"x", ".draft.yaml": b"]["})
    assert read_folder(folder) == read_text(files())


def test_problems_in_a_folder_name_the_path(tmp_path: Path) -> None:
    broken = files(first=changed(FIRST, "access: open", "access: opne"))
    problem = only(read_folder(write(tmp_path / "small", broken)))
    assert problem.file == f"{tmp_path.as_posix()}/small/first-step.yaml"
    assert problem.line == 4


def test_a_folder_without_curriculum(tmp_path: Path) -> None:
    assert "There is no curriculum.yaml" in only(read_folder(tmp_path)).message
    missing = only(read_folder(tmp_path / "nowhere"))
    assert (missing.severity, missing.file) == ("error", f"{tmp_path.as_posix()}/nowhere")


def test_symbolic_links_to_images_are_not_followed(tmp_path: Path) -> None:
    content = files()
    (tmp_path / "secret.png").write_bytes(content.pop("badges/second.png"))
    folder = write(tmp_path / "small", content)
    (folder / "badges").mkdir()
    (folder / "badges" / "second.png").symlink_to(tmp_path / "secret.png")
    assert "There is no file `badges/second.png`" in only(read_folder(folder)).message


def test_all_curricula_in_a_folder_are_read(tmp_path: Path) -> None:
    write(tmp_path / "a", files())
    write(tmp_path / "b", files(top=changed(TOP, "curriculum: small", "curriculum: other")))
    write(tmp_path / "not-one", {"readme.txt": b""})
    assert [r.curriculum and r.curriculum.key for r in read_all(tmp_path)] == ["small", "other"]


def test_a_duplicate_curriculum_key_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a", files())
    write(tmp_path / "b", files())
    first, second = read_all(tmp_path)
    assert first.curriculum is not None
    assert second.curriculum is None
    assert "`small` is used twice" in only(second).message
    assert format_problem(only(second)).startswith(f"{tmp_path.as_posix()}/b/curriculum.yaml:1:1:")


def test_curriculum_is_none_only_if_there_is_an_error() -> None:
    warned = read_first("title: First Step", "title: “First Step”")
    assert only(warned).severity == "warning"
    assert warned.curriculum is not None
    assert warned.errors == ()
    refused = read_first("access: open", "access: shut")
    assert refused.curriculum is None
    assert refused.errors == refused.problems


def test_the_only_problems_of_shipped_curricula_are_links_to_replace() -> None:
    readings = read_all(SHIPPED)
    assert readings
    for reading in readings:
        problems = [format_problem(problem) for problem in reading.problems]
        assert [each for each in problems if "is an example address" not in each] == []
