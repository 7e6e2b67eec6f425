"""Single values of member records, read from text.

The reason of a ValueError repeats input only between backticks, so that callers can remove it.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date

from bridge.membership.status import LEFT, MEMBER, NOT_YET_MEMBER, RETIRED, STATUSES
from bridge.messages import Message

CLEARED = "-"
"""The value by which a source clears a field, as '' means that it doesn't say."""
STATUS_WORDS = {
    "active": MEMBER, "actif": MEMBER, "active-member": MEMBER, "membre": MEMBER,
    "retiree": RETIRED, "retraite": RETIRED, "parti": LEFT, "former-member": LEFT,
    "not-yet-a-member": NOT_YET_MEMBER, "pas-encore-membre": NOT_YET_MEMBER,
}  # fmt: skip
"""Other words for a status, in lower case without accents."""
LANGUAGES = ("en", "fr")
"""The languages of pages and emails."""
LANGUAGE_WORDS = {
    "english": "en", "anglais": "en", "eng": "en",
    "french": "fr", "francais": "fr", "fra": "fr", "fre": "fr",
}  # fmt: skip
"""Other words for a language, in lower case without accents."""


def parse_region(text: str, regions: Collection[str]) -> str:
    """The region as spelled in the configuration, ignoring case. Raises ValueError."""
    known = {region.casefold(): region for region in regions}
    if text in ("", CLEARED) or not known or text.casefold() in known:
        return known.get(text.casefold(), text)
    matches = difflib.get_close_matches(text.casefold(), known, n=1)
    hint = _hint(known[matches[0]] if matches else "", sorted(regions))
    raise ValueError(Message("there is no region `%(text)s`; %(hint)s", text=text[:40], hint=hint))


def parse_status(text: str) -> str:
    """The status, by any of its common spellings. Raises ValueError."""
    word = as_word(text) or text
    word = STATUS_WORDS.get(word, word)
    if word in ("", CLEARED, *STATUSES):
        return word
    matches = difflib.get_close_matches(word, STATUSES, n=1)
    hint = _hint(matches[0] if matches else "", STATUSES)
    raise ValueError(Message("there is no status `%(text)s`; %(hint)s", text=text[:40], hint=hint))


def _hint(meant: str, choices: Iterable[str]) -> Message:
    if meant:
        return Message("did you mean `%(value)s`?", value=meant)
    return Message("use one of %(values)s.", values=", ".join(choices))


def parse_language(text: str) -> str:
    """The language code in lower case, also of its name. Raises ValueError."""
    if code := LANGUAGE_WORDS.get(as_word(text)):
        return code
    if not re.fullmatch(r"([A-Za-z]{2,3}([-_][A-Za-z]{2,4})?)?", text):
        raise ValueError(
            Message(
                "the language `%(text)s` is not a language code such as en or fr.", text=text[:40]
            )
        )
    return text.lower().replace("_", "-")


def language_warning(code: str) -> str:
    """What to know about a language that pages and emails don't have, as a sentence, or ''."""
    if not code or code.split("-")[0] in LANGUAGES:
        return ""
    return Message(
        "pages and emails are in %(languages)s only, not in %(code)s.",
        languages=" and ".join(LANGUAGES), code=code,
    )  # fmt: skip


def as_word(text: str) -> str:
    """The text in lower case, without accents, its words joined by hyphens: for comparing."""
    letters = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.casefold()))
    return "-".join(part for part in re.split(r"[\W_]+", letters) if part)


def parse_date(text: str) -> date | None:
    """The date, None for an empty text. Raises ValueError."""
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(
        Message("the date `%(text)s` is not a date such as 2026-01-31.", text=text[:40])
    )
