"""Member numbers: what a spreadsheet did to them, and which ones may be the same. Pure functions.

See docs/decisions/0067.
"""

from __future__ import annotations

import re
import unicodedata

MAX_KEY_LENGTH = 100
_AS_TEXT = "format the column as text, and export it again."
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


def number_problem(text: str) -> str:
    """What a spreadsheet did to a member number, and what to do; '' if it looks sound.

    The sentence repeats the number only between backticks.
    """
    shown = f"the member number (`{text[:40]}`)"
    if _EXPONENT.fullmatch(text):
        return f"the spreadsheet shortened {shown}; {_AS_TEXT}"
    if _DECIMALS.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return f"the spreadsheet wrote {shown} as a quantity; {_AS_TEXT}"
    if _DATE.fullmatch(text):
        return f"the spreadsheet took {shown} for a date; {_AS_TEXT}"
    if text[0] in "=+@" or _ERROR.fullmatch(text):
        return f"{shown} is a formula or its error; export the value instead."
    if text[0] in _QUOTES or text[-1] in _QUOTES:
        return "the member number has a quotation mark around it; remove it."
    if text.casefold() in _NONE or not any(map(str.isalnum, text)):
        return f"`{text[:40]}` is no member number; a number has letters or digits."
    return ""


def parse_number(text: str) -> str:
    """The member number. Raises ValueError with the reason."""
    if problem := "the member number is missing." if not text else number_problem(text):
        raise ValueError(problem)
    return text


def number_key(number: str | None) -> str:
    """The number for comparing; '' for none. Two numbers with one key may be one person's.

    Without zeros at the beginning of digits, without spaces, in lower case, with one hyphen for
    any other separator, and in the usual form of letters and digits.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", number or "").casefold())
    plain = "".join(_digit(each) for each in text if not each.isspace())
    joined = re.sub(r"[\W_]+", "-", plain).strip("-")
    return re.sub(r"(?<!\d)0+(?=\d)", "", joined)[:MAX_KEY_LENGTH].strip("-")


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
