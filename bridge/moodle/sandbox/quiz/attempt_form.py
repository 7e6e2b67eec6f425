"""The HTML form of one question, for the attempt data of the web service."""

from __future__ import annotations

from html import escape

from bridge.moodle.sandbox.quiz.attempts import RenderedQuestion
from bridge.moodle.sandbox.quiz.marking import matches, order, stems


def html(question: RenderedQuestion, prefix: str) -> str:
    """The question text and its fields, with Moodle's names and labels."""
    kind = question.definition.type
    fields = _choices(question, prefix) if kind == "multichoice" else _others(question, prefix)
    return (
        f'<div class="que {kind}"><input type="hidden" name="{prefix}:sequencecheck" value="1">'
        f'<div class="qtext">{question.definition.text}</div>{fields}</div>'
    )


def _others(question: RenderedQuestion, prefix: str) -> str:
    if question.definition.type == "matching":
        return _selects(question, prefix)
    if question.definition.type == "truefalse":
        return "".join(
            f'<input type="radio" name="{prefix}answer" value="{value}"'
            f' id="{prefix}answer{name.lower()}">'
            f'<label for="{prefix}answer{name.lower()}">{name}</label>'
            for value, name in ((1, "True"), (0, "False"))
        )
    value = escape(question.response.get("answer", ""))
    return f'<input type="text" name="{prefix}answer" value="{value}">'


def _choices(question: RenderedQuestion, prefix: str) -> str:
    single = question.definition.single
    shown = [
        question.definition.answers[index] for index in order(question.definition, question.seed)
    ]
    parts = []
    for index, answer in enumerate(shown):
        kind, name, value = (
            ("radio", f"{prefix}answer", index)
            if single
            else ("checkbox", f"{prefix}choice{index}", 1)
        )
        label = f"{prefix}answer{index}_label"
        parts.append(
            f'<input type="{kind}" name="{name}" value="{value}" aria-labelledby="{label}">'
            f'<div id="{label}">{answer.text}</div>'
        )
    return "".join(parts)


def _selects(question: RenderedQuestion, prefix: str) -> str:
    offered = matches(question.definition, question.seed)
    options = '<option value="0">Choose...</option>' + "".join(
        f'<option value="{number}">{escape(text)}</option>'
        for number, text in enumerate(offered, 1)
    )
    return "".join(
        f'<tr><td class="text">{side.text}</td>'
        f'<td><select name="{prefix}sub{index}">{options}</select></td></tr>'
        for index, side in enumerate(stems(question.definition, question.seed))
    )
