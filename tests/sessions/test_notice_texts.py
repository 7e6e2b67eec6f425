"""What the emails about a session say, in both languages."""

from __future__ import annotations

import pytest

from bridge.mail.rendering import render
from bridge.sessions.emails import EMAILS, KINDS
from tests.mail.sample_emails import CONTEXT


@pytest.mark.parametrize("until", ["2027-04-15T18:00", ""])
@pytest.mark.parametrize(
    ("language", "said", "untrue"),
    [
        ("en", ["takes place after all", "confirm that you can come", "waiting list, as before"],
         ["new date", "changed"]),
        ("fr", ["a finalement lieu", "confirmez que vous pouvez venir",
                "liste d’attente, comme avant"], ["nouvelle date", "a changé"]),
    ],
)  # fmt: skip
def test_a_session_that_takes_place_after_all_has_no_new_date(
    language: str, said: list[str], untrue: list[str], until: str
) -> None:
    example = dict(EMAILS[KINDS["reopened"]].variables) | CONTEXT
    values = {**example, "until": until, "reason": "", "link": "https://union.example/sessions/1"}
    email = render(KINDS["reopened"], values, language=language, folder=None, emails=EMAILS)
    place, confirm, waiting = said
    for text in (email.text, email.html):
        assert place in text
        assert (confirm in text.casefold(), waiting in text) == (bool(until), not until)
        assert not any(each in text.casefold() for each in untrue)
    assert place.removeprefix("a ") in email.subject
