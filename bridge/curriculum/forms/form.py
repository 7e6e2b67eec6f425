"""A form, and its definition as JSON, which shows its answers however the YAML changes later."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from bridge.curriculum.audience import MEMBERS, Audience
from bridge.curriculum.forms.field import FormField
from bridge.curriculum.forms.register import BY_NAME
from bridge.curriculum.text import NO_TEXT, Text

Readers = Literal["committee", "reviewers", "approvers", "payroll", "grievance"]
"""Who reads what was sent. `bridge/access/form_readers.py` has the right of each."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form. `fields` are in the order of the page. `closes`: the last day to send it.

    `readers`: the only ones who read what was sent. The committee's also has the auditors.
    """

    key: str
    title: Text
    fields: tuple[FormField, ...]
    introduction: Text = NO_TEXT
    audience: Audience = MEMBERS
    previously: str = ""
    closes: date | None = None
    readers: Readers = "committee"

    def field(self, key: str) -> FormField | None:
        return next((each for each in self.fields if each.key == key), None)


Definition = dict[str, Any]
"""A form as JSON."""


def definition_of(form: Form) -> Definition:
    """The form as JSON, with everything needed to show its answers later.

    Who it is for, who reads it, former keys and the closing day don't matter then.
    """
    return {
        "form": form.key,
        "title": _texts().dump_python(form.title, mode="json"),
        "introduction": _texts().dump_python(form.introduction, mode="json"),
        "fields": [
            {"type": each.type, **_adapter(type(each)).dump_python(each, mode="json")}
            for each in form.fields
        ],
    }


def form_of(definition: Definition) -> Form:
    """The form of a definition made by `definition_of`."""
    fields = definition["fields"]
    return Form(
        key=definition["form"],
        title=_texts().validate_python(definition["title"]),
        introduction=_texts().validate_python(definition["introduction"]),
        fields=tuple(_adapter(BY_NAME[each["type"]]).validate_python(each) for each in fields),
    )


def revision_of(form: Form) -> str:
    """SHA-256 (hexadecimal) of the definition: two forms with the same revision are the same."""
    text = json.dumps(definition_of(form), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _adapter(kind: type[FormField]) -> TypeAdapter[FormField]:
    return TypeAdapter(kind)


@cache
def _texts() -> TypeAdapter[Text]:
    return TypeAdapter(Text)
