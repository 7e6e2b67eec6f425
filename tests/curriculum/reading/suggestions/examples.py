"""For each suggestion: what was typed, and what a person writes who follows it."""

from __future__ import annotations

from tests.curriculum.reading.suggestions.answers import ANSWERS
from tests.curriculum.reading.suggestions.checks import CHECKS
from tests.curriculum.reading.suggestions.syntax import SYNTAX
from tests.curriculum.reading.suggestions.texts import TEXTS
from tests.curriculum.reading.suggestions.values import KEYS, VALUES

EXAMPLES = (*SYNTAX, *TEXTS, *VALUES, *KEYS, *CHECKS, *ANSWERS)

ELSEWHERE = frozenset(
    {
        # in tests/curriculum/programs/test_program_checks.py
        "add `kind: mentoring` to the program, or delete these lines",
        "add `sessions`, `hours` or `tasks`",
        "add a field `capacity` with `type: number`, `required: yes` and `min: 1`",
        "add at least one part with `sessions`, `hours` or `tasks`",
        "add it to the other form too",
        "add the `name` and `email` of a person outside the committee",
        "add the form of mentees, with its `fields:`",
        "add the form of mentors, with its `fields:`",
        "add the form, with its `fields:`",
        "delete it here, or let it earn a credit in sessions.yaml",
        "describe it in sessions.yaml, or delete it here",
        "write `mentee-form` and `mentor-form` instead",
        "write `min: 1`",
        "write `required: yes`",
        "write `type: choices` or `type: choice`, or another key for the field",
        "write `type: number`",
        "write one address, such as name@example.org",
        "write the hour and the minutes, such as 2027-01-31 17:00",
        "write the same choices in both forms",
        # about files that are not texts, or about their names and sizes
        "delete one of the two",
        "rename the file to %(name)s, or move its lines into that file",
        "rename this folder to images, or move its images into that folder",
        "save its text as plain text, in the file %(name)s",
        "save it at a smaller size",
        "save the image again as PNG",
        "copy or save the image again",
        "delete it: there is also a file %(name)s",
        "rename it to %(name)s",
        "move it into the curriculum's folder, or delete it",
        "copy the file into the folder",
        "write a key such as `%(key)s`, and create %(key)s.yaml",
        "create it; it names the curriculum and lists its milestones",
        "save it again with UTF-8 encoding",
        "split it into one file per milestone",
        "copy its text into a text editor, and save that as plain text (UTF-8)",
        "save the text of %(name)s as plain text, in the file %(key)s.yaml",
        "write the file, or delete it",
        # about several versions or several curricula
        "if so, add the line `previously: %(old)s`, so that members keep their results",
        "if so, write `%(old)s` again, because what is recorded for members belongs to the key; to "
        "show another name, change only the title",
        "write `%(old)s` again; to show another name, change only the title",
        "write `%(old)s` again; for another key, choose one that was never used",
        "write each key where it was; to change the order, move whole entries with their keys",
        "give this one a different key",
        # about texts in two languages, with tests of their own
        "add it as an answer, or write `type: number`",
        "write both alike in every language, or both differently",
        "write different texts",
        # about two files
        "delete the line, or the requirement",
        # about images and formulas, with tests of their own
        "rename the file to %(name)s, and write `![description](%(path)s)`",
        "write `![description](images/…)`, without spaces between its parts or in the name",
        "describe it between the brackets: `![…](%(address)s)`",
        "end it with `%(closing)s`, without an empty line in it; outside a formula, "
        "write `%(plain)s`",
        "put it next to curriculum.yaml, in the folder `images/`, and write `images/…`",
        "put the file in the folder `images/`, or upload it in the editor",
        "rename it, so that it ends with `.%(kind)s`",
        "save it as PNG or WebP",
        "save the image again as PNG or JPEG",
        "save the image in `images/`, and write `images/…`",
        "save them at a smaller size",
        "show it in a page, the introduction of a quiz, a section, a link, a "
        "question or its feedback",
        "show it with `![…](%(name)s)`, or delete it",
        "use only letters without accents, digits, `-` and `_`, and end it with `.%(ending)s`",
    }
)
"""Suggestions that aren't followed by typing in one file. Other tests show them."""
