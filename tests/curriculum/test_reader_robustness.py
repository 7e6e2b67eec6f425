"""Whatever the input, the reader reports problems and never raises an exception."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.curriculum.problems import format_problem
from bridge.curriculum.reader import Reading, read_text
from bridge.curriculum.reading import yaml_nodes

from .sample_files import FIRST, SECOND, TOP, files
from .test_problems import FIRST_PROBLEMS, SECOND_PROBLEMS

FRAGMENTS = [
    "milestone: ", "curriculum: ", "title: ", "course:", "sections:", "- section: ", "questions:",
    "- quiz: ", "type: one", "choices:", "- right: ", "requirements:", "any:", "at-least: ", "of:",
    "entry: {after: [", "]}", "{en: ", "fr: ", "\n", "\n  ", "\n    ", "\t", "- ", ": ", "# ", "|",
    ">", "'", '"', "“", "&a ", "*a", "!!", "<<: ", "? ", "---\n", "...\n", "%YAML 1.1\n", "[", "]",
    "{", "}", ",", "x", "é", "\u2028", "\x85", "\ufeff", "\x00", "\r", "\r\n", "@", "`", "<b>",
    "](",
]  # fmt: skip
YAMLISH = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), max_size=30).map("".join)


def check(reading: Reading, content: dict[str, bytes]) -> None:
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    assert (reading.curriculum is None) == bool(errors)
    for problem in reading.problems:
        assert problem.file in content or problem.file == "curriculum.yaml"
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.column <= len(problem.source_line) + 1
        assert format_problem(problem).count("\n") in {0, 2}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_are_reported_without_an_exception(first: bytes, image: bytes) -> None:
    content = {**files(), "first-step.yaml": first, "badges/second.png": image}
    check(read_text(content), content)


@settings(max_examples=400, deadline=None)
@given(YAMLISH, st.booleans())
def test_any_text_like_yaml_is_reported_without_an_exception(text: str, as_top: bool) -> None:
    name = "curriculum.yaml" if as_top else "first-step.yaml"
    content = {**files(), name: text.encode()}
    check(read_text(content), content)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_valid_file_with_a_random_edit_is_read_without_an_exception(data: st.DataObject) -> None:
    name, text = data.draw(
        st.sampled_from(
            [("curriculum.yaml", TOP), ("first-step.yaml", FIRST), ("second-step.yaml", SECOND)]
        )
    )
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    put = data.draw(st.sampled_from(FRAGMENTS) | st.text(max_size=5))
    content = {**files(), name: (text[:start] + put + text[end:]).encode()}
    check(read_text(content), content)


@pytest.mark.parametrize(
    ("name", "problems"), [("first", FIRST_PROBLEMS), ("second", SECOND_PROBLEMS)]
)
def test_the_pure_python_parser_reports_the_same_positions(
    name: str, problems: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyYAML's own parser is used where its C library is missing."""
    text = {"first": FIRST, "second": SECOND}[name]
    broken = [
        {**files(), f"{name}-step.yaml": text.replace(str(p[0]), str(p[1])).encode()}
        for p in problems
    ]
    fast = [read_text(content) for content in broken]
    monkeypatch.setattr(yaml_nodes, "_LOADER", yaml.BaseLoader)
    slow = [read_text(content) for content in broken]
    same = sum(one.problems == other.problems for one, other in zip(fast, slow, strict=True))
    assert all(
        bool(one.errors) == bool(other.errors) for one, other in zip(fast, slow, strict=True)
    )
    assert same >= 0.8 * len(broken)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 1_000_000,
        b"{a: " * 250_000,
        b"- " * 500_000,
        b"a: b\n" * 200_000,
        b"a" * 1_000_000,
        b"title: '" + b"\n" * 1_000_000,
        b"summary: " + b"[" * 500_000 + b"]" * 500_000,
        b"summary: |\n  " + b"[x](" * 200_000,
        b"summary: |\n  " + b"> " * 400_000 + b"<",
        b"summary: |\n  " + b"*a_ " * 200_000 + b"<",
        b"".join(b"key%d: x\n" % number for number in range(80_000)),
        b"title: '" + b"[" * 200_000 + b"'",
        b"title: '" + b"*a " * 80_000 + b"'",
        b"title: {" + b"en: " * 60_000 + b"}",
        b"summary: |\n  " + b"&amp;" * 50_000,
        b"requirements:\n" + b"".join(b"- role: r%d\n" % (n // 2) for n in range(9_000)),
    ],
    ids=range(16),
)
def test_a_hostile_file_is_rejected_in_seconds(content: bytes) -> None:
    begin = time.thread_time()
    assert read_text({**files(), "first-step.yaml": content}).errors
    assert time.thread_time() - begin < 5
