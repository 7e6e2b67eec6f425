"""Member numbers: what a spreadsheet did to them, and which ones may be the same. Pure functions.

See docs/decisions/0067.
"""

from __future__ import annotations

import re
import unicodedata

from bridge.messages import NOTHING, Message

MAX_KEY_LENGTH = 100
_AS_TEXT = Message("format the column as text, and export it again.")
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr|mars|avr|mai|juin|juil|août|sept|déc"
)
_EXPONENT = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+")
_DECIMALS = re.compile(r"\d+[.,]0+")
_THOUSANDS = re.compile("\\d{1,3}([\u00a0\u2009\u202f,'\u2019]\\d{3})+")
_DATE = re.compile(rf"\d{{1,2}}-({_MONTHS})\.?(-\d+)?|\d{{4}}-\d\d-\d\d[ T]00:00.*", re.IGNORECASE)
_ERROR = re.compile(r"#+|#[A-Z/0]+[!?A]")
_QUOTES = "'\"\u2018\u2019\u201c\u201d\u00b4`"
_NONE = frozenset({"n/a", "na", "none", "null", "nil", "nan", "undefined"})


def number_problem(text: str) -> Message:
    """What a spreadsheet did to a member number, and what to do; NOTHING if it looks sound.

    The message repeats the number only between backticks.
    """
    number = text[:40]
    if _EXPONENT.fullmatch(text):
        return Message(
            "the spreadsheet shortened the member number (`%(number)s`); %(todo)s",
            number=number, todo=_AS_TEXT,
        )  # fmt: skip
    if _DECIMALS.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return Message(
            "the spreadsheet wrote the member number (`%(number)s`) as a quantity; %(todo)s",
            number=number, todo=_AS_TEXT,
        )  # fmt: skip
    if _DATE.fullmatch(text):
        return Message(
            "the spreadsheet took the member number (`%(number)s`) for a date; %(todo)s",
            number=number, todo=_AS_TEXT,
        )  # fmt: skip
    if text[0] in "=+@" or _ERROR.fullmatch(text):
        return Message(
            "the member number (`%(number)s`) is a formula or its error; export the value instead.",
            number=number,
        )  # fmt: skip
    if text[0] in _QUOTES or text[-1] in _QUOTES:
        return Message("the member number has a quotation mark around it; remove it.")
    if text.casefold() in _NONE or not any(map(str.isalnum, text)):
        return Message(
            "`%(number)s` is no member number; a number has letters or digits.", number=number
        )
    return NOTHING


def parse_number(text: str) -> str:
    """The member number. Raises ValueError with the reason, a Message."""
    if not text:
        raise ValueError(Message("the member number is missing."))
    if problem := number_problem(text):
        raise ValueError(problem)
    return text


def number_key(number: str | None) -> str:
    """The number for comparing; '' for none. Two numbers with one key may be one person's.

    Without zeros at the beginning of digits, without spaces, in lower case, with one hyphen for
    any other separator, and in the usual form of letters and digits.
    """
    text = unicodedata.normalize("NFKC", number or "").casefold()
    plain = "".join(_digit(each) for each in text if not each.isspace())
    joined = re.sub(r"[\W_]+", "-", plain).strip("-")
    return re.sub(r"(?<!\d)0+(?=\d)", "", joined)[:MAX_KEY_LENGTH]


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
