"""The questions of the shipped curriculum: right keys, fair choices, and what learners type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.curriculum.library.folders import files_of
from bridge.curriculum.model import Curriculum
from bridge.curriculum.question_types.choices import ChoiceQuestion
from bridge.curriculum.question_types.matching import Matching
from bridge.curriculum.question_types.number import Number
from bridge.curriculum.question_types.question import Question
from bridge.curriculum.question_types.short_answer import ShortAnswer
from bridge.curriculum.question_types.single_choice import SingleChoice
from bridge.curriculum.question_types.typed_answers.wildcards import has_stars
from bridge.curriculum.reader import read_text
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.curriculum.text import Text
from bridge.resources import resource

FILES = files_of(resource("curricula") / "member-steward-path")
LANGUAGES = ("en", "fr")
MAX_LONGEST = 1 / 4
"""Choosing the longest choice must not be better than guessing."""
MAX_SHORTEST = 2 / 5

SUMS = {
    "union-basics-check.dues-sum": 1800 * 0.015,
    "taking-part-check.majority-sum": 312 / 2 + 1,
    "agreement-check.overtime-sum": 2 * 24 * 1.5 + (11.5 - 7.5 - 2) * 24 * 2,
    "benefits-roles-check.tuition-sum": min(600, 1500) + min(340, 300),
    "benefits-roles-check.pension-sum": 50_000 * 0.02 * 30 * 3 * 0.05 / 12,
    "meetings-check.quorum-sum": max(12, -(-234 // 10)),
    "safety-check.committee-sum": -(-9 // 2),
    "executive-check.balance-sum": 620 + 480 - 395,
    "representation-check.months-left": 18 - 11,
    "first-grievance-check.last-day": 1 + 14,  # ten working days are two weeks
    "hearing-check.practice-share": 44 / 50 * 100,
    "people-check.sick-balance": 20 * 1.25 - 9,
    "organizing-check.signatures-sum": 150 * 0.6 - 71,
    "consultation-check.short-staffed": 12 / 16 * 100,
    "negotiation-check.cost-sum": 2000 * 0.40,
    "negotiation-check.compound-sum": (25 * 1.04 * 1.05 - 25) * 100,
    "influence-check.payback": 9600 / 800,
    "performance-check.lost-step": 36_000 * 0.025,
    "leadership-check.meetings-sum": 36 / 3,
    "leadership-check.reserve-sum": 15_600 / 2600,
}
ACCEPTED = {
    "union-basics-check.group-word": ["unit", "bargaining unit", "unité", "l'unité"],
    "taking-part-check.vote-word": ["ratification", "a ratification vote", "la ratification"],
    "agreement-check.notwithstanding": ["Notwithstanding", "nonobstant"],
    "benefits-roles-check.public-posts": [
        "employer", "boss", "manager", "supervisor", "my supervisor", "company", "the company",
        "employeur", "patron", "gestionnaire", "superviseur", "superviseure", "compagnie",
        "entreprise", "direction", "chef", "cheffe", "votre chef", "ressources humaines",
    ],
    "meetings-check.before-the-motion": ["amendment", "an amendment", "amendement"],
    "safety-check.near-miss": [
        "near miss", "near-miss", "a near miss", "close call", "a close call", "near accident",
        "quasi-accident", "quasi accident", "presque accident", "presque-accident",
        "accident évité",
    ],
    "executive-check.bylaws-word": ["bylaws", "by-laws", "constitution", "règlements", "statuts"],
    "the-role-check.bad-faith": ["faith", "bad faith", "foi"],
    "representation-check.just-cause-words": [
        "just cause", "good cause", "proper cause", "just and sufficient cause",
        "juste et suffisant", "juste suffisant", "valable",
    ],
    "first-grievance-check.made-whole": ["whole", "droits"],
    "hearing-check.without-prejudice": ["without prejudice", "sans préjudice"],
    "people-check.hardship-word": ["hardship", "undue hardship", "excessive"],
    "organizing-check.drawing-word": ["map", "a map", "carte"],
    "consultation-check.terms-word": ["reference", "terms of reference", "mandat", "le mandat"],
    "negotiation-check.caucus": ["caucus", "a caucus", "un caucus"],
    "influence-check.options-word": ["nothing", "do nothing", "rien", "ne rien faire"],
    "performance-check.conduct-word": ["conduct", "behaviour", "behavior", "conduite"],
    "leadership-check.reverse-word": [
        "mentee", "the mentee", "protégé", "protégée", "mentoré", "mentorée", "la mentorée",
    ],
}  # fmt: skip
REFUSED = {
    "union-basics-check.group-word": [
        "community", "unity", "opportunity", "unique", "agreement", "team", "communauté",
        "opportunité", "équipe",
    ],
    "taking-part-check.vote-word": ["gratification", "election", "strike", "grève"],
    "agreement-check.notwithstanding": ["withstanding", "outstanding", "despite", "malgré"],
    "benefits-roles-check.public-posts": [
        "union", "everybody", "syndicat", "tout le monde", "unemployer", "accompany", "embossed",
        "patronage", "digestion", "self-employer", "damage", "patrons-membres", "famille",
    ],
    "meetings-check.before-the-motion": ["abstention", "amends", "amende", "commandement"],
    "safety-check.near-miss": [
        "accident", "an accident", "accident de gravité", "near and dear", "miss", "linear misstep",
        "un accident en vitesse", "close calling", "presque un accidenté",
    ],
    "executive-check.bylaws-word": ["agreement", "convention", "reconstitution", "dérèglement",
                                    "outlaws", "statutory", "stature"],
    "the-role-check.bad-faith": ["good faith", "bonne foi", "unfaithful", "faithful", "foie",
                                 "manner", "volonté"],
    "representation-check.just-cause-words": [
        "good reason", "bonne raison", "unjust cause", "just because", "insuffisant", "injuste",
        "injuste et insuffisant", "improper cause", "insufficient cause", "no good cause", "cause",
    ],
    "first-grievance-check.made-whole": ["wholesale", "wholesome", "endroit", "droite", "happy"],
    "hearing-check.without-prejudice": [
        "not without prejudice", "off the record", "with prejudice", "préjudice", "confidentiel",
    ],
    "people-check.hardship-word": ["cost", "influence", "friendship", "morale", "financière"],
    "organizing-check.drawing-word": ["chart", "mapping", "maple", "tableau", "cartel", "écarte"],
    "consultation-check.terms-word": ["preference", "employment", "agreement", "mandataire",
                                      "ordre du jour", "commandature"],
    "negotiation-check.caucus": ["recess", "Caucasus", "suspension", "conciliation"],
    "influence-check.options-word": ["better", "mieux", "orientation", "italien", "nothingness",
                                     "aérien", "do the best"],
    "performance-check.conduct-word": ["health", "santé", "conductor", "reconduite", "conducteur",
                                       "interdisciplinary"],
    "leadership-check.reverse-word": [
        "mentor", "mentore", "la mentore", "étudiant", "student", "protagonist", "protagoniste",
        "commentee", "prototyping", "tormentee",
    ],
}  # fmt: skip
"""What learners may type and don't mean: mistakes, and words that only contain the right one."""


def shipped() -> Curriculum:
    curriculum = read_text(FILES).curriculum
    assert curriculum is not None
    return curriculum


def all_questions() -> Iterator[tuple[str, Question]]:
    for milestone in shipped().milestones:
        for quiz in milestone.course.quizzes:
            for question in quiz.questions:
                yield f"{quiz.key}.{question.key}", question


QUESTIONS = dict(all_questions())
SINGLE = {key: each for key, each in QUESTIONS.items() if isinstance(each, SingleChoice)}
SHORT = {key: each for key, each in QUESTIONS.items() if isinstance(each, ShortAnswer)}
CASES = [
    (key, text, right)
    for words, right in ((ACCEPTED, True), (REFUSED, False))
    for key, texts in words.items()
    for text in texts
]


def stands_out(question: SingleChoice, language: str, sign: int) -> bool:
    """Whether only the right choice is the longest (`sign` 1) or the shortest (`sign` -1)."""
    lengths = [sign * len(each.text.pick(language)) for each in question.choices]
    right = next(at for at, each in enumerate(question.choices) if each.right)
    return lengths[right] == max(lengths) and lengths.count(max(lengths)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("sign", "maximum"), [(1, MAX_LONGEST), (-1, MAX_SHORTEST)])
def test_the_length_of_a_choice_does_not_give_it_away(
    language: str, sign: int, maximum: float
) -> None:
    found = [key for key, each in SINGLE.items() if stands_out(each, language, sign)]
    assert len(found) <= maximum * len(SINGLE), found


@pytest.mark.parametrize("key", QUESTIONS)
def test_texts_of_one_question_differ_in_every_language(key: str) -> None:
    for language in LANGUAGES:
        for texts in texts_to_tell_apart(QUESTIONS[key]):
            shown = [" ".join(each.pick(language).casefold().split()) for each in texts]
            assert len(set(shown)) == len(shown), shown


def texts_to_tell_apart(question: Question) -> list[list[Text]]:
    if isinstance(question, ChoiceQuestion):
        return [[each.text for each in question.choices]]
    if isinstance(question, Matching):
        left = [pair.left for pair in question.pairs if pair.left]
        return [left, [pair.right for pair in question.pairs]]
    return []


@pytest.mark.parametrize("key", QUESTIONS)
def test_the_right_response_gets_the_full_mark(key: str) -> None:
    question = QUESTIONS[key]
    assert question.mark(question.right_response(""), "").right


def test_every_sum_is_right() -> None:
    numbers = {key: each for key, each in QUESTIONS.items() if isinstance(each, Number)}
    assert set(numbers) == set(SUMS)
    for key, question in numbers.items():
        assert question.mark([str(round(SUMS[key], 4))], "").fraction == 1.0, key
        assert question.mark([str(round(SUMS[key] + 1, 4))], "").fraction == 0.0, key


def test_every_short_answer_has_examples() -> None:
    assert set(ACCEPTED) == set(SHORT) == set(REFUSED)


@pytest.mark.parametrize("key", SHORT)
def test_right_answers_are_exact_words(key: str) -> None:
    """A `*` also accepts words of other languages that only contain the right one."""
    right = [each for each in SHORT[key].answers if each.right]
    assert [each for answer in right for each in answer.patterns if has_stars(each)] == []


@pytest.mark.parametrize(("key", "text", "right"), CASES)
def test_what_learners_type(key: str, text: str, right: bool) -> None:
    assert SHORT[key].mark([text], "").fraction == float(right)
    assert SHORT[key].mark([text.replace("'", "’")], "").fraction == float(right)


@pytest.mark.parametrize("key", SHORT)
def test_no_answer_is_hidden_by_one_before_it(key: str) -> None:
    for answer in SHORT[key].answers:
        for language in LANGUAGES:
            typed = answer.text.pick(language).replace("*", "")
            assert SHORT[key].mark([typed], "").fraction == answer.worth, (language, typed)


def test_an_event_needs_a_sign_off() -> None:
    step = next(each for each in shipped().milestones if each.key == "active-member")
    assert "helped-with-event" in [
        each.key for each in step.requirements if isinstance(each, SignedOff)
    ]


def test_notes_for_the_committee_are_comments() -> None:
    for name, content in FILES.items():
        if name.endswith(".yaml"):
            for line in content.decode().splitlines():
                if re.search("Education committee:|Comité de formation :", line):
                    assert line.lstrip().startswith("#"), (name, line)


def test_rights_with_names_are_examples_from_one_country() -> None:
    for name in ("Weingarten", "Garrity", "Skelly"):
        assert name in FILES["new-steward.yaml"].decode()
    assert "examples from one country" in FILES["new-steward.yaml"].decode()


def test_the_readme_counts_what_is_shipped() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    quizzes = {key.partition(".")[0] for key in QUESTIONS}
    assert f"{len(quizzes)} quizzes and {len(QUESTIONS)} questions" in readme
