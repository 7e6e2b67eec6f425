"""Quiz statistics: ranking, filters, CSV, and links to the editor."""

from __future__ import annotations

import csv
import html
import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.config import Config
from bridge.curriculum.library.reloading import Library
from bridge.curriculum.model import Course, Curriculum, Milestone, Quiz, Section, Text
from bridge.curriculum.question_types.true_false import TrueFalse
from bridge.resources import resource
from bridge.store.database import Database
from bridge.store.operations import runs
from bridge.store.statistics import quiz_statistics
from bridge.store.statistics.first_attempts import QuizCount
from bridge.store.statistics.quiz_statistics import QuestionCount
from tests.web.query_counter import counted as counting
from tests.web.sample_site import PATH, Clock, english, milestone
from tests.web.signed_in_users import SignedInUsers, Who

PAGE = "/committee/quizzes"
SHEET = "/committee/quizzes/list.csv"


def both(words: str) -> Text:
    return Text((("en", words), ("fr", f"{words} (fr)")))


def quiz(key: str, title: str, previously: str = "") -> Quiz:
    questions = tuple(
        TrueFalse(name, both(f"{title}: is **{name}** so?"), previously=before, correct=True)
        for name, before in (("one", ""), ("two", "second"))
    )
    return Quiz(key, both(title), questions, previously=previously)


def step(key: str, title: str, *quizzes: Quiz) -> Milestone:
    return replace(milestone(key, title), course=Course((Section(key, english(key), quizzes),)))


QUIZZES = (quiz("easy", "Easy"), quiz("hard", "Hard", previously="tough"))
LATER = (quiz("rare", "=Rare & <b>odd</b>"),)


def path() -> Curriculum:
    return replace(
        PATH, milestones=(step("first", "First", *QUIZZES), step("second", "Second", *LATER))
    )


FIGURES = (
    QuizCount("north", PATH.key, "easy", 30, 1, 10, 0),
    QuizCount("south", PATH.key, "easy", 30, 2, 10, 1),
    QuizCount("north", PATH.key, "tough", 40, 30, 0, 0),
    QuizCount("south", PATH.key, "hard", 20, 10, 4, 1),
    QuizCount("south", PATH.key, "rare", 1, 1, 1, 1),
    QuizCount("south", PATH.key, "gone", 9, 9, 9, 9),
)
ASKED = (
    QuestionCount(PATH.key, "hard", "one", 50, 4, 1),
    QuestionCount(PATH.key, "tough", "second", 40, 20, 10),
    QuestionCount(PATH.key, "easy", "one", 60, 0, 0),
)


@pytest.fixture
def filled(users: SignedInUsers) -> SignedInUsers:
    """Statistics of three quizzes, one renamed and one removed."""
    users.shelf[:] = [path()]
    put(users.database, users.clock)
    return users


def put(database: Database, clock: Clock) -> None:
    with database.transaction() as session:
        quiz_statistics.save_quizzes(session, FIGURES, clock())
        quiz_statistics.save_questions(session, ASKED, clock())


def ran(users: SignedInUsers, way: str) -> None:
    with users.database.transaction() as session:
        run = runs.start_run(session, "quizzes", "somebody", users.clock())
        runs.finish_run(session, run, True, {"way": way}, users.clock())


def page(
    users: SignedInUsers, address: str = PAGE, who: Who = "committee", lang: str = "en"
) -> str:
    browser = users.client(who)
    browser.set_cookie("language", lang)
    answer = browser.get(address, headers={"Accept-Language": lang})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def table(users: SignedInUsers, address: str = SHEET, who: Who = "committee") -> list[list[str]]:
    text = users.client(who).get(address).get_data(as_text=True)
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def titles(text: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'<h3 class="h5"><span[^>]*>(.*?)</', text)]


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def test_quizzes_are_ranked_with_their_questions(filled: SignedInUsers) -> None:
    text = page(filled)
    assert titles(text) == ["Hard", "=Rare & <b>odd</b>", "Easy"]
    said = words(text)
    assert "40 of 60 first attempts failed: 67%" in said
    assert "Last 12 weeks: 1 of 4" in said
    assert "Hard: is two so? missed 30 of 40 (75%), 10 of these partly correct" in said
    assert said.index("is two so?") < said.index("is one so? missed 5 of 50 (10%)")
    assert "The results of its questions have not been read from Moodle yet." in said
    assert "No question has been missed in its current wording." in said
    assert "Updated 0 seconds ago." in said


def test_a_removed_quiz_is_not_shown(filled: SignedInUsers) -> None:
    assert not any("gone" in cell for row in table(filled) for cell in row)


def test_a_chair_sees_only_attempts_of_their_region(filled: SignedInUsers) -> None:
    assert [row[1:4] for row in table(filled, who="chair")[1:]] == [
        ["Hard", "40", "30"], ["Hard", "40", "30"], ["Easy", "30", "1"],
    ]  # fmt: skip
    said = words(page(filled, who="other_chair"))
    assert "10 of 20 first attempts failed: 50%" in said
    assert "across all regions" in said
    assert filled.client("chair").get(f"{PAGE}?region=south").status_code == 404


def test_quizzes_are_filtered_by_region_and_milestone(filled: SignedInUsers) -> None:
    assert titles(page(filled, f"{PAGE}?region=north")) == ["Hard", "Easy"]
    assert titles(page(filled, f"{PAGE}?milestone=a-path:second")) == ["=Rare & <b>odd</b>"]
    assert titles(page(filled, f"{PAGE}?region=north&milestone=a-path:second")) == []
    sheet = f"{SHEET}?region=south&milestone=a-path:first"
    assert {(row[1], row[2]) for row in table(filled, sheet)[1:]} == {
        ("Hard", "20"),
        ("Easy", "30"),
    }


def test_the_csv_has_no_formulas(filled: SignedInUsers) -> None:
    rows = table(filled)
    assert rows[0][:5] == ["Milestone", "Quiz", "First attempts", "Failed", "Share"]
    assert rows[1] == ["First", "Hard", "60", "40", "0.6667", "4", "1", "Hard: is two so?", "40",
                       "20", "10", "0.75"]  # fmt: skip
    [rare] = [row for row in rows if "Rare" in row[1]]
    assert rare[1:] == ["'=Rare & <b>odd</b>", "1", "1", "1.0", "1", "1", "", "", "", "", ""]


def test_the_chart_describes_its_numbers(filled: SignedInUsers) -> None:
    text = page(filled)
    [said] = re.findall(r'<svg[^>]*role="img"[^>]*aria-label="([^"]*)"', text)
    assert "percent. 1. Hard: 40 of 60; 2. =Rare" in html.unescape(said)
    assert "style=" not in text
    assert "<b>odd</b>" not in text
    cells = re.findall(r"<td[^>]*>(.*?)</td>", text.partition("<tbody")[2])
    assert cells[:5] == ["First", "60", "40", "67%", "1 of 4"]


def test_the_page_is_translated_to_french(filled: SignedInUsers) -> None:
    text = page(filled, lang="fr")
    assert titles(text)[0] == "Hard (fr)"
    assert "Hard : is two so ? (fr)" in words(text)
    assert 'lang="fr"' in text


def test_the_ranking_is_paginated(users: SignedInUsers) -> None:
    many = [quiz(f"q{n}", f"Quiz {n}") for n in range(30)]
    users.shelf[:] = [replace(PATH, milestones=(step("first", "First", *many),))]
    with users.database.transaction() as session:
        counts = [QuizCount("north", PATH.key, one.key, 100, 99 - n, 0, 0)
                  for n, one in enumerate(many)]  # fmt: skip
        quiz_statistics.save_quizzes(session, counts, users.clock())
    first = page(users)
    assert titles(first) == [f"Quiz {n}" for n in range(25)]
    [address] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = page(users, html.unescape(address))
    assert titles(second) == [f"Quiz {n}" for n in range(25, 30)]
    assert '<ol class="quiz-ranking" start="26">' in second
    assert 'rel="prev"' in second
    assert "<li>\n<h3" in second
    assert page(users, f"{PAGE}?after=1000000")
    assert len(table(users)) == 31


def test_the_dashboard_shows_the_highest_failure_rates(filled: SignedInUsers) -> None:
    text = page(filled, "/committee")
    assert titles(text) == ["Hard", "=Rare & <b>odd</b>", "Easy"]
    assert f'href="{PAGE}"' in text
    assert titles(page(filled, "/committee?region=north&milestone=a-path:second")) == []


@pytest.mark.parametrize("address", [PAGE, "/committee"])
def test_an_empty_page_says_why(users: SignedInUsers, address: str) -> None:
    assert "There are no statistics yet." in page(users, address)
    ran(users, "core")
    assert "need the companion plugin" in page(users, address)
    users.clock.forward(hours=1)
    ran(users, "companion")
    assert "There were no first attempts at these quizzes" in page(users, address)


def test_a_page_costs_as_many_queries_however_many_figures(users: SignedInUsers) -> None:
    def cost() -> list[str]:
        browser = users.client("committee")
        with counting(users.database) as statements:
            browser.get(PAGE)
        return [each for each in statements if each.startswith("SELECT")]

    users.shelf[:] = [path()]
    none = cost()
    put(users.database, users.clock)
    assert len(cost()) == len(none) == 3


@pytest.fixture
def desk(config: Config, database: Database, clock: Clock, tmp_path: Path) -> SignedInUsers:
    """The shipped curriculum in a folder of its own, with a quiz that is failed."""
    shutil.copytree(resource("curricula"), tmp_path / "curricula")
    config = config.model_copy(update={"curricula": Path("curricula")})
    desk = SignedInUsers(config, database, clock, shelf=list(Library(tmp_path / "curricula")))
    path, first = desk.shelf[0].key, next(desk.shelf[0].milestones[0].course.quizzes)
    asked = [QuestionCount(path, first.key, each.key, 9, 5, 0) for each in first.questions[:1]]
    with database.transaction() as session:
        quiz_statistics.save_quizzes(
            session, [QuizCount("north", path, first.key, 9, 9, 9, 9)], clock()
        )
        quiz_statistics.save_questions(session, asked, clock())
    return desk


def test_editors_get_links_to_the_line_in_the_editor(desk: SignedInUsers, tmp_path: Path) -> None:
    quiz = next(desk.shelf[0].milestones[0].course.quizzes)
    text = page(desk)
    ways = re.findall(r'href="/committee/curricula/([^/"]+)/([^#"]+)#L(\d+)"', text)
    found = [
        (tmp_path / "curricula" / folder / file).read_text("utf-8").splitlines()[int(line) - 1]
        for folder, file, line in ways
    ]
    assert [each.strip(" -") for each in found] == [
        f"quiz: {quiz.key}", f"question: {quiz.questions[0].key}",
    ]  # fmt: skip
    folder, file, line = ways[0]
    shown = page(desk, f"/committee/curricula/{folder}/{file}")
    assert f'id="L{line}"' in shown
    for who in ("auditor", "chair"):
        assert "#L" not in page(desk, who=who)
