"""The problems of one question in a curriculum in English and French."""

from __future__ import annotations

from textwrap import dedent, indent

from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import read_text
from tests.curriculum.sample_files import SECOND, TOP, changed, files


def problems_of(question: str, languages: str = "en, fr") -> list[Problem]:
    """The problems that a question has, except missing translations."""
    start, end = SECOND.index("            - question: single"), SECOND.index("requirements:")
    second = SECOND[:start] + indent(dedent(question).strip("\n") + "\n", " " * 12) + SECOND[end:]
    top = changed(TOP, "languages: [en]", f"languages: [{languages}]")
    found = read_text(files(top=top, second=second)).problems
    last = second.count("\n", 0, start) + question.count("\n") + 1
    return [
        each
        for each in found
        if each.file == "second-step.yaml"
        and second.count("\n", 0, start) < each.line <= last
        and "in one language only" not in each.message
        and not each.message.startswith("Texts in `fr` are ignored")
    ]


def messages_of(question: str, languages: str = "en, fr") -> list[tuple[str, str]]:
    """Severity and message of each."""
    return [(each.severity, str(each.message)) for each in problems_of(question, languages)]
