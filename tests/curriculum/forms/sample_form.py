"""A forms.yaml with a field of every type."""

from __future__ import annotations

from bridge.curriculum.forms.form import Form
from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.sample_files import changed, files

FORMS = """\
forms:
  - form: mentor
    title: Be a mentor
    introduction: Thank you *very* much.
    audience: stewards
    fields:
      - field: topic
        type: short-text
        label: Which topic?
        required: yes
        characters: 20
      - field: why
        type: long-text
        label: Why?
        help: A few sentences.
        words: 5
      - field: place
        type: choice
        label: Where?
        choices:
          - {choice: online, label: Online}
          - {choice: hall, label: At the hall}
      - field: days
        type: choices
        label: When?
        min: 2
        max: 3
        choices:
          - {choice: mon, label: Monday}
          - {choice: tue, label: Tuesday}
          - {choice: wed, label: Wednesday}
          - {choice: thu, label: Thursday}
      - field: before
        type: yes-no
        label: Have you done it before?
      - field: from
        type: date
        label: From when?
        min: "2027-01-31"
        max: "2027-12-31"
      - field: hours
        type: number
        label: How many hours?
        min: 0.5
        max: 8000
      - field: letter
        type: file
        label: A letter
      - field: rules
        type: must-agree
        label: I agree.
"""


def read_forms(text: str) -> Reading:
    """The reading of the sample curriculum with this forms.yaml."""
    return read_text({**files(), "forms.yaml": text.encode()})


def form(old: str = "", new: str = "") -> Form:
    """The sample form, with one change in its YAML."""
    curriculum = read_forms(changed(FORMS, old, new) if old else FORMS).curriculum
    assert curriculum, "the form has errors"
    return curriculum.forms[0]
