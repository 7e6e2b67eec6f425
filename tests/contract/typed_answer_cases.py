"""What members type, and whether it counts: one table for self-check, sandbox and real Moodle.

The self-check: `tests/curriculum/question_types/test_typed_answers.py`. The sandbox and a real
Moodle, with what is exported: `tests/contract/test_typed_answers.py`. Characters that
look like others are written as `\\u…`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bridge.curriculum.question_types.number import Number
from bridge.curriculum.question_types.question import Question
from bridge.curriculum.question_types.short_answer import Answer, ShortAnswer
from bridge.curriculum.text import Text, plain_text

Language = Literal["en", "fr"]


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """What a member who reads in `language` types for a question, and whether it is right."""

    question: Question
    language: Language
    typed: str
    right: bool


def _short(*answers: str | Text, wrong: str = "") -> ShortAnswer:
    """A question with a wrong answer, if any, and right ones after it."""
    texts = [each if isinstance(each, Text) else Text((("en", each),)) for each in answers]
    right = tuple(Answer(each) for each in texts)
    first = (Answer(plain_text(wrong), right=False),) if wrong else ()
    return ShortAnswer("q", plain_text("Which word?"), answers=(*first, *right))


def _number(number: str, tolerance: str = "0") -> Number:
    return Number("q", plain_text("How many?"), number=number, tolerance=tolerance)


MEETING = _short(Text((("en", "the members' meeting"), ("fr", "l'assemblée générale"))))
CURLY = _short("l\u2019unité d\u2019accréditation")
SPACED = _short("dix\u00a0jours  ouvrables")
PART = _short("*grievance*", "l'*grief")
PRODUCT = _short(r"5 \* 3")
GERMAN = _short("Straße")
GREEK = _short("σοφός")
LETTER = _short("isk")
ACCENT = _short("cafe*")
EMPLOYER = _short("l'*", wrong="l'employeur")

_TYPED: list[tuple[Question, dict[str, bool]]] = [
    (MEETING, {
        "the members' meeting": True,
        "the members\u2019 meeting": True,
        "The MEMBERS\u2019 Meeting": True,
        "l'assemblée générale": True,
        "l\u2019assemblée générale": True,
        "L\u2019ASSEMBLÉE GÉNÉRALE": True,
        "l'assemble\u0301e ge\u0301ne\u0301rale": True,
        " \tl'assemblée générale ": True,
        "l'assemblée  générale": False,
        "l'assemblée\u00a0générale": False,
        "l'assemblée\u202fgénérale": False,
        "l'assemblée générale\u00a0": False,
        "l\u2018assemblée générale": False,
        "l`assemblée générale": False,
        "l\u02bcassemblée générale": False,
        "l' assemblée générale": False,
        "l'assemblee generale": False,
        "l'assemblée générale.": False,
        "assemblée générale": False,
        "l'assemblée\u200b générale": False,
        "l'assem\u00adblée générale": False,
        "l'assemblée générale\u200e": False,
        "\ufeffl'assemblée générale": False,
        "l'assemblée\u2060 générale": False,
        "l'assem\u200dblée générale": False,
        "l'assemblée générale\ufe0f": False,
        "l\uff07assemblée générale": False,
        "l\u2032assemblée générale": False,
        "l\u00b4assemblée générale": False,
        "l'assemblée\tgénérale": False,
        "'l'assemblée générale'": False,
        "": False,
    }),
    (CURLY, {
        "l\u2019unité d\u2019accréditation": True,
        "l'unité d'accréditation": True,
        "l'unité d\u2019accréditation": False,
    }),
    (SPACED, {"dix jours ouvrables": True, "dix\u00a0jours  ouvrables": False}),
    (PART, {
        "a grievance": True,
        "Grievances": True,
        "a  grievance\u00a0form": True,
        "a grievance\u200b": True,
        "a\ngrievance": False,
        "griev ance": False,
        "l'autre grief": True,
        "l\u2019autre grief": True,
        "l\u2019 grief": True,
        "grief": False,
    }),
    (PRODUCT, {"5 * 3": True, "5 x 3": False, "5*3": False, "5 ** 3": False}),
    (GERMAN, {"straße": True, "STRAẞE": True, "strasse": False, "STRASSE": False}),
    (GREEK, {"ΣΟΦΌΣ": True, "σοφόσ": True, "σοφος": False}),
    (LETTER, {
        "ISK": True,
        "i\u017fk": True,
        "is\u212a": True,
        "\u0130sk": False,
        "\u0131sk": False,
    }),
    (ACCENT, {"cafeteria": True, "café": False, "cafe\u0301": False}),
    (EMPLOYER, {"l'employé": True, "l'employeur": False, "l\u2019employeur": False}),
]  # fmt: skip
"""Texts count the same in every language."""

HALF = _number("3.5")
THOUSAND = _number("1000")
MILLION = _number("1000000")
MINUS = _number("-5")
ABOUT = _number("0.3", "0.1")
ZERO = _number("0")

_BOTH: list[tuple[Question, dict[str, bool]]] = [
    (HALF, {
        "3.5": True,
        " 3.50 ": True,
        "+3.5": True,
        "3 . 5": True,
        "3.5 days": True,
        "3.5%": True,
        "3.5.1": True,
        ".35e1": True,
        "35x10^-1": True,
        "35\u00d710**-1": True,
        "3.5,1": False,
        "3.5\u200b": True,
        "\ufeff3.5": False,
        "\uff13\uff0e\uff15": False,
        "3\u00bd": False,
        "3'5": False,
        "35": False,
        "$3.5": False,
        "about 3.5": False,
        "3\u00b75": False,
        "\u0663.\u0665": False,
        "\u200b3.5": False,
        "3\u200b.5": False,
        "three": False,
        "": False,
    }),
    (THOUSAND, {"1000": True, "1 000": True, "1\u202f000": False, "1.000": False, "1e3": True}),
    (MILLION, {
        "1,000,000": True,
        "1 000 000": True,
        "1\u202f000\u202f000": False,
        "1.000.000": False,
        "1'000'000": False,
        "1e6": True,
        "1e999": False,
    }),
    (MINUS, {"-5": True, "- 5": True, "\u22125": False, "\u20135": False, "5": False}),
    (ABOUT, {"0.2": True, "0.4": True, ".3": True, "0.41": False, "0.19": False}),
    (ZERO, {"0": True, "-0": True, "0.0": True, "1": False, "": False}),
]  # fmt: skip
"""Numbers that every reader may write so."""

_IN_ENGLISH: list[tuple[Question, dict[str, bool]]] = [
    (HALF, {"3,5": False, "3,5 days": False, "3,5\u00a0days": False}),
    (THOUSAND, {"1,000": True, "1\u00a0000": False}),
    (MILLION, {"1\u00a0000\u00a0000": False, "1 000,000": True}),
    (ABOUT, {"0,4": False}),
]
_IN_FRENCH: list[tuple[Question, dict[str, bool]]] = [
    (
        HALF,
        {
            "3,5": True,
            "3,50 jours": True,
            "3,5\u00a0jours": True,
            "3,5\u202f$": True,
            "3,5.": False,
            "3,,5": False,
            "35e-1": True,
        },
    ),
    (THOUSAND, {"1,000": False, "1\u00a0000": True, "1\u00a0000,0": True, "1\u00a0000.0": False}),
    (MILLION, {"1\u00a0000\u00a0000": True, "1 000,000": False}),
    (ABOUT, {"0,4": True, "0,41": False}),
]


def _cases(
    language: Language, *tables: list[tuple[Question, dict[str, bool]]]
) -> tuple[TypedAnswer, ...]:
    return tuple(
        TypedAnswer(question, language, typed, right)
        for table in tables
        for question, listed in table
        for typed, right in listed.items()
    )


CASES = _cases("en", _TYPED, _BOTH, _IN_ENGLISH) + _cases("fr", _TYPED, _BOTH, _IN_FRENCH)
