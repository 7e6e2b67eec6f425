from __future__ import annotations

import pytest
from wtforms import Form
from wtforms.validators import ValidationError

from bridge.web.layout.form_fields import require_no_address


class Field:
    def __init__(self, data: str) -> None:
        self.data = data

    def gettext(self, text: str) -> str:
        return text


@pytest.mark.parametrize(
    "name",
    ["evil.example", "Win at evil.com now", "www.evil", "x.co", "evil\uff0ecom", "evil\u3002com",
     "evil\u2024com", "a/b", "https:evil://x", "sub.evil.example", "me@evil", "EVIL.COM"],
)  # fmt: skip
def test_a_name_with_an_address_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        require_no_address(Form(), Field(name))


@pytest.mark.parametrize(
    "name", ["Kim Lee", "J.R. Smith", "J. R. R. Smith", "J.Smith", "St. Pierre", "Dr. No", "O'Neil",
             "Anne-Marie", "Kim Jr.", "Zoë", "李 小", ""]
)  # fmt: skip
def test_other_names_are_accepted(name: str) -> None:
    refused = False
    try:
        require_no_address(Form(), Field(name))
    except ValidationError:
        refused = True
    assert not refused


def test_a_long_word_is_looked_through_once() -> None:
    require_no_address(Form(), Field("x" * 500_000))
    with pytest.raises(ValidationError):
        require_no_address(Form(), Field("x" * 500_000 + ".example"))
