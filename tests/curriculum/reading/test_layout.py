"""A wrong hyphen, colon or indentation is explained at its line, and can be corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.sample_files import SECOND, TOP, changed, files

BILINGUAL = changed(TOP, "[en]", "[en, fr]")
TEXT = re.compile(
    r"^( *(?:- )?(?:title|summary|text|feedback|right|wrong|left|intro|message|name): )(.+)$", re.M
)
SAMPLES = {
    "one language": (TOP, SECOND),
    "two languages": (BILINGUAL, TEXT.sub(r"\1{en: \2, fr: \2}", SECOND)),
}
MARKERS = ("– ", "–  ", "• ", "-", "-\u00a0", "1. ", "2) ", "* ", "-  ")
MAX_STEPS = 12


def read(sample: str, text: str) -> Reading:
    return read_text(files(top=SAMPLES[sample][0], second=text))


def with_line(text: str, number: int, line: str) -> str:
    lines = text.split("\n")
    return "\n".join([*lines[:number], line, *lines[number + 1 :]])


def items(text: str) -> Iterator[tuple[int, str, str]]:
    """Number from 0, indentation and words of each list item."""
    for number, line in enumerate(text.split("\n")):
        if found := re.match(r"( *)- (.*)", line):
            yield number, found[1], found[2]


def followed(text: str, problem: Problem) -> str:
    """The text after what a suggestion says was done; '' if it doesn't say what to type."""
    number, values = problem.line - 1, problem.suggestion.values
    line = text.split("\n")[number]
    words = line.lstrip(" ")
    indent = line[: len(line) - len(words)]
    if "column" in values:
        hyphen = "- " if str(values["start"]).startswith("- ") else ""
        better = " " * (int(values["column"]) - 1) + hyphen + re.sub(r"^- +", "", words)
    elif "a hyphen and a space" in problem.suggestion:
        better = re.sub(r"^(?:[–•*-]|\d[.)])\s*", f"{indent}- ", words)
    elif "an ordinary space" in problem.suggestion:
        better = line.replace("\u00a0", " ")
    elif "better" in values and "A colon is missing" in problem.message:
        better = f"{indent}{values['better']}"
    else:
        return ""
    return with_line(text, number, better)


def corrected(sample: str, text: str) -> Reading:
    """The reading after the suggestions were followed, one after the other."""
    for _ in range(MAX_STEPS):
        reading = read(sample, text)
        better = next((new for each in reading.errors if (new := followed(text, each))), "")
        if not better:
            return reading
        text = better
    return read(sample, text)


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_an_odd_list_marker_is_found_on_its_line(sample: str, marker: str) -> None:
    text = SAMPLES[sample][1]
    for number, indent, words in items(text):
        typed = with_line(text, number, f"{indent}{marker}{words}")
        if marker != "-  ":
            assert read(sample, typed).errors[0].line == number + 1, words
        assert_same(corrected(sample, typed), read(sample, text), words)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_missing_colon_is_found_on_its_line(sample: str) -> None:
    text = SAMPLES[sample][1]
    for number, indent, words in items(text):
        key, colon, value = words.partition(": ")
        if not colon or (" " in value.strip() and not value.startswith("{")):
            continue
        typed = with_line(text, number, f"{indent}- {key} {value}")
        assert number + 1 in [each.line for each in read(sample, typed).errors]
        assert_same(corrected(sample, typed), read(sample, text), words)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_missing_hyphen_is_found(sample: str) -> None:
    text = SAMPLES[sample][1]
    for number, indent, words in items(text):
        if ": " not in words:
            continue
        typed = with_line(text, number, f"{indent}{words}")
        assert number + 1 in [each.line for each in read(sample, typed).errors]
        assert_same(corrected(sample, typed), read(sample, text), words)


@pytest.mark.parametrize("shift", [-3, -1, 1, 2])
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_wrong_indentation_is_found_and_can_be_corrected(sample: str, shift: int) -> None:
    text = SAMPLES[sample][1]
    unclear = 0
    for number, line in enumerate(text.split("\n")):
        indent = len(line) - len(line.lstrip())
        if not line.strip() or indent + shift < 0:
            continue
        typed = with_line(text, number, " " * (indent + shift) + line.strip())
        for error in read(sample, typed).errors:
            assert "straight quotes" not in error.suggestion, line
        reading = corrected(sample, typed)
        unclear += not is_same(reading, read(sample, text))
    assert unclear <= 4


def is_same(reading: Reading, other: Reading) -> bool:
    assert other.curriculum is not None
    return bool(reading.curriculum) and reading.curriculum.milestones == other.curriculum.milestones


def assert_same(reading: Reading, other: Reading, words: str) -> None:
    assert is_same(reading, other), (words, reading.errors)
