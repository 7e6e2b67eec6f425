"""Every field of every form refuses characters that nobody can see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

import bridge.web.app  # noqa: F401  (imports every form)
from bridge.web.committee.people_lists.forms import PeopleListForm
from bridge.web.layout.page_form import PageForm

LONGEST = 300_000
BY_PATTERN = {("FileForm", "name")}
"""The new name of a file: `FILE_NAME` has a length."""
INVISIBLE = ("\x00", "\x07", "\x1b", "\u2028", "\u202e", "\u200b", "\ufeff")


def subclasses(form: type) -> Iterator[type]:
    for each in form.__subclasses__():
        yield each
        yield from subclasses(each)


FORMS = sorted(
    (each for each in subclasses(PageForm) if each.__module__.startswith("bridge.")),
    key=lambda each: each.__qualname__,
)


def text_fields(form: PageForm) -> list[Field]:
    """Those that take a text. A code takes digits only, and says so."""
    return [
        each for each in form if isinstance(each, StringField)
        and (each.render_kw or {}).get("autocomplete") != "one-time-code"
    ]  # fmt: skip


def submitted(form: type[PageForm], data: dict[str, str]) -> PageForm:
    filled = form(meta={"csrf": False})
    for each in filled:
        if isinstance(each, SelectField) and each.choices is None:
            each.choices = []
    filled.validate()
    return filled


def test_every_form_is_a_page_form() -> None:
    others = {
        each
        for each in subclasses(FlaskForm)
        if each.__module__.startswith("bridge.") and not issubclass(each, PageForm)
    }
    assert not others, f"make {others} a subclass of PageForm (bridge/web/layout/page_form.py)"
    assert len(FORMS) > 10


@pytest.mark.parametrize("form", FORMS, ids=lambda each: each.__name__)
def test_no_text_field_takes_an_invisible_character(app: Flask, form: type[PageForm]) -> None:
    """A pasted list ignores them: programs put them there, and nobody could find them."""
    with app.test_request_context():
        fields = text_fields(form(meta={"csrf": False}))
        pasted = issubclass(form, PeopleListForm)
        names = [each.name for each in fields if not (pasted and each.name == "people")]
    for character in INVISIBLE:
        data = dict.fromkeys(names, f"ab{character}cd")
        with app.test_request_context(method="POST", data=data):
            errors = submitted(form, data).errors
        for name in names:
            assert any("Character 3 can't be seen" in text for text in errors[name]), (name, errors)


@pytest.mark.parametrize("form", FORMS, ids=lambda each: each.__name__)
def test_only_long_texts_take_line_ends(app: Flask, form: type[PageForm]) -> None:
    with app.test_request_context():
        fields = text_fields(form(meta={"csrf": False}))
        long = {each.name for each in fields if isinstance(each, TextAreaField)}
        data = {each.name: "ab\ncd" for each in fields}
    with app.test_request_context(method="POST", data=data):
        errors = submitted(form, data).errors
    single = {name for name in data if "Use a single line of text." in errors.get(name, ())}
    assert single == set(data) - long


@pytest.mark.parametrize("form", FORMS, ids=lambda each: each.__name__)
def test_every_text_that_people_type_has_a_maximum_length(app: Flask, form: type[PageForm]) -> None:
    """Without one, a text is stored, checked and shown whatever it costs."""
    with app.test_request_context():
        fields = form(meta={"csrf": False})
    typed = [each for each in text_fields(fields) if not isinstance(each, HiddenField)]
    limits = {
        each.name: max((v.max for v in each.validators if isinstance(v, Length)), default=-1)
        for each in typed
        if (form.__name__, each.name) not in BY_PATTERN
    }
    assert not {name: limit for name, limit in limits.items() if not 0 < limit <= LONGEST}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/signin?next=/a%00b", 400),
        ("/signin?a%1b=b", 400),
        ("/contact/x%E2%80%AEy/z", 404),
        ("/signin/%07", 404),
    ],
)
def test_an_address_with_an_invisible_character_is_refused(
    app: Flask, address: str, status: int
) -> None:
    assert app.test_client().get(address).status_code == status
