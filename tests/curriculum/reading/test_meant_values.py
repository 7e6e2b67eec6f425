"""When you follow a suggestion, the file is valid and says what its author meant."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.sample_files import FIRST, SECOND, TOP, changed, files

BILINGUAL = changed(TOP, "[en]", "[en, fr]")
TITLE = "title: First Step"
URL = "https://example.org/agreement?a=1&b=2"


def first(title: str) -> Reading:
    return read_text(files(top=BILINGUAL, first=changed(FIRST, TITLE, f"title: {title}")))


def suggested(problem: Problem) -> list[str]:
    """The values that a suggestion names."""
    values = problem.suggestion.values
    return [str(values[name]) for name in ("better", "whole", "decimal") if name in values]


def number(typed: str) -> list[str]:
    reading = read_text(files(second=changed(SECOND, "number: 10", f"number: {typed}")))
    return [value for error in reading.errors for value in suggested(error)]


def pass_mark(typed: str) -> list[str]:
    reading = read_text(files(second=changed(SECOND, "pass: 80", f"pass: {typed}")))
    return [value for error in reading.errors for value in suggested(error)]


def address(typed: str) -> list[str]:
    reading = read_text(files(first=changed(FIRST, f"url: {URL}", f"url: {typed}")))
    return [value for error in reading.errors for value in suggested(error)]


STYLES = [
    lambda n: f"{n:,}".replace(",", " "),
    lambda n: f"{n:,}".replace(",", "\u202f").replace(".", ","),
    lambda n: f"{n:,}".replace(",", "’"),
    lambda n: f"{n:,}",
    lambda n: f"{n:,}".replace(",", "_").replace(".", ",").replace("_", "."),
    lambda n: f"{n}".replace(".", ","),
    lambda n: f"${n:,}",
    lambda n: f"{n:,} €",
    lambda n: f"+{n}",
]


@settings(max_examples=150, deadline=None)
@given(st.decimals(0, 9_999_999, places=2), st.integers(0, 2), st.sampled_from(STYLES))
def test_a_suggested_number_is_the_number_that_was_meant(
    exact: Decimal, places: int, style: object
) -> None:
    meant = round(exact, places) if places else Decimal(int(exact))
    typed = style(meant)  # type: ignore[operator]
    found = number(f'"{typed}"')
    assert len(found) <= 2
    if found:
        assert meant in [Decimal(value) for value in found], (typed, found)
        assert all(number(value) == [] for value in found)


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("120,000", ["120000", "120"]),
        ("1,000,000", ["1000000"]),
        ("1 000", ["1000"]),
        ("1.234,50", ["1234.50"]),
        ("0,125", ["0.125"]),
        ("3,5", ["3.5"]),
        ("−5", ["-5"]),
        (".5", ["0.5"]),
        ("5.", ["5"]),
        ("$50", ["50"]),
        ("1 2", []),
        ("3 or 4", []),
        ("5k", []),
        ("1/2", []),
    ],
)
def test_a_number_is_suggested_only_if_it_is_clear(typed: str, better: list[str]) -> None:
    assert number(typed) == better


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("0.7", ["70"]),
        ("0,75", ["75"]),
        (".8", ["80"]),
        ("70%", ["70"]),
        ("70 per cent", ["70"]),
        ("70 pour cent", ["70"]),
        ("70.0", ["70"]),
        ("1.0", ["100"]),
        ("1,00", ["100"]),
        ("1.0%", ["1"]),
        ("0.725", []),
        ("0.7%", []),
        ("70.5", []),
        ("700%", []),
        ("7O", []),
        ("-70", []),
        ("1,000", []),
    ],
)
def test_a_pass_mark_is_suggested_only_if_it_is_clear(typed: str, better: list[str]) -> None:
    assert pass_mark(typed) == better


HOSTS = st.sampled_from(["example.org", "www.example.org", "québec.example.ca", "a-b.example.com"])
PATHS = st.sampled_from(["", "/", "/agreement", "/a/b.pdf", "/x?a=1&b=2", "/#part", ":8080/x"])
MISTYPED = st.sampled_from(
    ["", "//", "https//", "https:/", "https:", "https;//", "htps://", "htpps://", "http//",
     "https://https://", "https://https//", "https:\\\\\\\\", "HTTPS//", "ttps://", "http:///"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(MISTYPED, HOSTS, PATHS)
def test_a_suggested_address_is_valid_and_has_the_same_host_and_path(
    prefix: str, host: str, path: str
) -> None:
    for better in address(f'"{prefix}{host}{path}"'):
        assert better.partition("://")[2] == host + path
        assert address(f'"{better}"') == []


@pytest.mark.parametrize("prefix", ["", "//", "https//", "https:/", "htps://", "https://https//"])
def test_a_mistyped_address_has_a_suggestion(prefix: str) -> None:
    assert address(f"{prefix}example.org/x") == ["https://example.org/x"]


@pytest.mark.parametrize(
    "typed",
    ["jane@example.org", "mailto:jane@example.org", "file.pdf", "docs/file.pdf", "agreement",
     "C:/docs/a.pdf", "https://https//", "https://exa mple.org", "https://", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_web_address_is_an_error_without_an_address_to_write(typed: str) -> None:
    reading = read_text(files(first=changed(FIRST, f"url: {URL}", f"url: {typed}")))
    assert len(reading.errors) == 1
    assert suggested(reading.errors[0]) == []


@pytest.mark.parametrize("typed", ["[us](https://u.test/x)", '"[us](https://u.test/x)"'])
def test_a_markdown_link_has_its_address_as_suggestion(typed: str) -> None:
    assert address(typed) == ["https://u.test/x"]


def test_a_number_with_three_zeros_after_the_dot_is_a_question() -> None:
    reading = read_text(files(second=changed(SECOND, "number: 10", "number: 120.000")))
    assert [suggested(each) for each in reading.problems] == [["120000", "120"]]


def test_a_whole_comparison_is_explained_at_its_first_line() -> None:
    patch = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n"
    problem = read_text(files(first=patch + FIRST)).problems[0]
    assert (problem.line, "comparison of two versions" in problem.message) == (1, True)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_named(encoding: str) -> None:
    content = {**files(), "first-step.yaml": FIRST.encode(encoding)}
    assert "saved as UTF-16" in read_text(content).problems[0].message


@pytest.mark.parametrize(
    ("link", "better"),
    [
        ("www.example.org/x", "https://www.example.org/x"),
        ("https//example.org", "https://example.org"),
        ("https://https//example.org", "https://example.org"),
        ("jane@example.org", "mailto:jane@example.org"),
    ],
)
def test_a_link_in_a_text_has_a_valid_suggestion(link: str, better: str) -> None:
    text = "next: Go to [it]({})."
    (error,) = read_text(files(first=changed(FIRST, "next: Go on.", text.format(link)))).errors
    assert suggested(error) == [better]
    followed = changed(FIRST, "next: Go on.", text.format(better))
    assert read_text(files(first=followed)).problems == ()


WORDS = st.text(
    st.sampled_from("abé") | st.sampled_from(list(",:;'\"#?!()-–’“”«»%&@*|>[]{\\ ")), max_size=14
).filter(lambda text: text == " ".join(text.split()) and any(c.isalpha() for c in text))


@settings(max_examples=200, deadline=None)
@given(
    WORDS, WORDS, st.sampled_from(["{{en: {}, fr: {}}}", "{{en: {}, fr: {}", "{{EN: {}, FR: {}}}"])
)
def test_suggested_translations_are_what_was_typed(english: str, french: str, form: str) -> None:
    """Quotes around a text may be meant for YAML, and a bracket at its end for the braces."""
    for error in first(form.format(english, french)).errors:
        for better in suggested(error):
            if not better.startswith("{"):
                continue
            followed = first(better)
            assert followed.curriculum is not None, (better, followed.errors)
            title = followed.curriculum.milestones[0].title
            assert [_bare(title.pick("en")), _bare(title.pick("fr"))] == [
                _bare(english), _bare(french)
            ]  # fmt: skip


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalpha() or c in "-–%&@*|>(!?#")
