"""The answers of a draft when fields have another type or other choices than before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.curriculum.forms.answers import fit_answers
from bridge.curriculum.forms.choices import OneChoice, SeveralChoices
from bridge.curriculum.forms.field import FormField
from bridge.curriculum.forms.form import Form

from .sample_form import form

FORM = form()
DRAFT = {
    "topic": ["Law"], "why": ["Because\nof this."], "place": ["hall"], "days": ["mon", "tue"],
    "before": ["no"], "from": ["2027-02-03"], "hours": ["3,5"], "letter": ["12", "letter.pdf"],
    "rules": ["agreed"],
}  # fmt: skip
FIELDS = {each.key: each for each in FORM.fields}
SHOWN_ELSEWHERE = {
    "topic": {"why", "place", "before", "from", "hours", "rules"},
    "why": {"topic", "place", "before", "from", "hours", "rules"},
    "hours": {"topic", "why", "place", "before", "from", "rules"},
}
"""The fields that can show an answer to each of these others: whatever is one word in a box."""


def only(field: FormField) -> Form:
    return replace(FORM, fields=(replace(field, key="x"),))


@pytest.mark.parametrize("now", DRAFT)
@pytest.mark.parametrize("before", DRAFT)
def test_an_answer_is_shown_or_kept_apart(before: str, now: str) -> None:
    fitted = fit_answers(only(FIELDS[now]), {"x": DRAFT[before]})
    shown = before == now or before in SHOWN_ELSEWHERE.get(now, ())
    assert fitted.asked == ({"x": DRAFT[before]} if shown else {})
    assert fitted.no_longer_asked == ({} if shown else {"former:x": DRAFT[before]})


@pytest.mark.parametrize("now", DRAFT)
@pytest.mark.parametrize("before", DRAFT)
def test_an_answer_comes_back_with_its_type(before: str, now: str) -> None:
    changed, back = only(FIELDS[now]), only(FIELDS[before])
    fitted = fit_answers(changed, {"x": DRAFT[before]})
    again = fit_answers(back, {**fitted.asked, **fitted.no_longer_asked})
    assert (again.asked, again.no_longer_asked) == ({"x": DRAFT[before]}, {})


@pytest.mark.parametrize("key", ["place", "days"])
def test_a_choice_that_is_gone_is_kept_apart_and_the_others_stay(key: str) -> None:
    field = FIELDS[key]
    assert isinstance(field, OneChoice | SeveralChoices)
    gone = DRAFT[key][-1]
    fewer = replace(field, choices=tuple(each for each in field.choices if each.key != gone))
    fitted = fit_answers(replace(FORM, fields=(fewer,)), {key: DRAFT[key]})
    assert fitted.asked == ({"days": ["mon"]} if key == "days" else {})
    assert fitted.no_longer_asked == {f"former:{key}": [gone]}


def test_a_renamed_field_of_another_type_keeps_the_answer_apart() -> None:
    renamed = replace(FIELDS["topic"], key="name", previously="letter")
    fitted = fit_answers(replace(FORM, fields=(renamed,)), {"letter": DRAFT["letter"]})
    assert (fitted.asked, fitted.no_longer_asked) == ({}, {"letter": DRAFT["letter"]})


def test_a_second_change_replaces_nothing() -> None:
    draft = {"x": ["What I meant"], "former:x": DRAFT["letter"]}
    fitted = fit_answers(only(FIELDS["days"]), draft)
    assert fitted.no_longer_asked == {
        "former:x": DRAFT["letter"], "former:former:x": ["What I meant"]
    }  # fmt: skip
    back = fit_answers(only(FIELDS["letter"]), fitted.no_longer_asked)
    assert back.asked == {"x": DRAFT["letter"]}


@given(
    st.sampled_from(list(DRAFT)),
    st.dictionaries(
        st.sampled_from(["x", "former:x", "gone"]), st.lists(st.sampled_from(["", "a", "yes", "1"]))
    ),
)
def test_nothing_that_was_typed_is_lost(now: str, typed: dict[str, list[str]]) -> None:
    fitted = fit_answers(only(FIELDS[now]), typed)
    again = fit_answers(only(FIELDS[now]), {**fitted.asked, **fitted.no_longer_asked})
    kept = [text for answer in (*fitted.asked.values(), *fitted.no_longer_asked.values())
            for text in answer if text]  # fmt: skip
    assert set(kept) == {text for answer in typed.values() for text in answer if text}
    assert again == fitted
