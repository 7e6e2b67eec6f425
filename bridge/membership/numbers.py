"""Member numbers: what a spreadsheet did to them, and which ones may be the same. Pure functions.

See docs/decisions/0067.
"""

from __future__ import annotations

import re
import unicodedata

from bridge.membership.values import as_word
from bridge.messages import Message

MAX_KEY_LENGTH = 100
_AS_TEXT = Message("format the column as text, and export it again.")
_MONTHS = (
    "jan(?:uary|v(?:ier)?|uar)?|feb(?:ruary|ruar)?|fevr?(?:ier)?|mar(?:ch|s)?|apr(?:il)?|avr(?:il)?"
    "|may|mai|june?|juin|jul(?:y|i)?|juil(?:let)?|aug(?:ust)?|aout?|sept?(?:emb(?:er|re))?"
    "|o[ck]t(?:ob(?:er|re))?|nov(?:emb(?:er|re))?|de[cz](?:emb(?:er|re))?"
)
_EXPONENT = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+")
_DECIMALS = re.compile(r"\d+[.,]0+")
_THOUSANDS = re.compile("\\d{1,3}([\u00a0\u2009\u202f,'\u2019]\\d{3})+")
_DOTTED_THOUSANDS = re.compile(r"\d{1,2}(\.\d{3}){2,}")
_NAMED_MONTH = re.compile(rf"\d{{1,2}}-({_MONTHS})(-\d+)?|({_MONTHS})-\d{{1,2}}(-\d{{2,4}})?")
_YEAR_FIRST = re.compile(r"(?:19|20)\d\d(?:-(\d\d)-|[/.](\d\d?)[/.])(\d\d?)(?:[ T]\d\d?:.*)?")
_YEAR_LAST = re.compile(r"(\d\d?)[-/.](\d\d?)[-/.](?:19|20)\d\d(?:[ T]\d\d?:.*)?")
_SHORT_DATE = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d\d)(?:[ T]\d\d?:.*)?")
_SEVERAL = re.compile(
    r"[^;,]*\d\s*(?:;|,\s)\s*\w*\d.*"
    r"|.*\d\s*(?:[&+|]|\s(?:and|or|to|et|ou|au?|à)\s)\s*[^\d\s]*\d.*",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?P<prefix>[^\W\d_]*[- ]?)(?P<first>\d{3,})"
    r"\s*[-/\u2010-\u2015]\s*(?:(?P=prefix))?(?P<last>\d{3,})"
)
MAX_RANGE = 100
"""Up to this difference, two numbers with a slash or dash between them may be a list or a range."""
_ERROR = re.compile(r"#+|#[A-Z/0]+[!?A]")
_NEGATIVE = re.compile("[-\u2212]\\d+")
_QUANTITIES = (_NEGATIVE, _DECIMALS, _THOUSANDS, _DOTTED_THOUSANDS)
_LABELLED = re.compile(
    r"(?:(?:no|nr|num|n)[.:°º]\s*|(?:no|nr|n[°º]|num[ée]ro|number|member|membre)\s+|№\s*)"
    r"(?P<number>\w*\d\S*)"
    r"|(?P<before>\w*\d\S*)\s+\([^\W\d_][^()]*\)",
    re.IGNORECASE,
)
_LOOK_ALIKE = re.compile(r"(?=.*\d.*\d)(?:\d[\dOoIl]*[OoIl][\dOoIl]*\d|[lo]\d+)")
"""Letters between digits that look like 0 and 1."""
_QUOTES = "'\"\u2018\u2019\u201c\u201d\u00b4`"


MISSING = Message("the member number is missing.")
THE_NUMBER = Message("the member number")


def number_problem(text: str) -> str:
    """What a spreadsheet did to a member number, and what to do; '' if it looks sound.

    The sentence repeats the number only between backticks.
    """
    shown = text[:40]
    if _EXPONENT.fullmatch(text):
        return Message(
            "the spreadsheet shortened the member number (`%(number)s`); %(todo)s",
            number=shown, todo=_AS_TEXT,
        )  # fmt: skip
    if any(each.fullmatch(text) for each in _QUANTITIES):
        return Message(
            "the spreadsheet wrote the member number (`%(number)s`) as a quantity; %(todo)s",
            number=shown, todo=_AS_TEXT,
        )  # fmt: skip
    if _is_date(text):
        return Message(
            "the spreadsheet took the member number (`%(number)s`) for a date; %(todo)s",
            number=shown, todo=_AS_TEXT,
        )  # fmt: skip
    if text[0] in "=+@" or _ERROR.fullmatch(text):
        return Message(
            "the member number (`%(number)s`) is a formula or its error; export the value instead.",
            number=shown,
        )
    return _problem_of_words(text)


def _problem_of_words(text: str) -> str:
    """What is beside a member number, or there instead of one; '' if nothing is."""
    shown = text[:40]
    if found := _LABELLED.fullmatch(text):
        bare = found["number"] or found["before"]
        return Message(
            "the member number (`%(number)s`) has words beside the number; give only `%(bare)s`.",
            number=shown, bare=bare,
        )  # fmt: skip
    if text[0] in _QUOTES or text[-1] in _QUOTES:
        return Message("the member number has a quotation mark around it; remove it.")
    if "@" in text:
        return Message("`%(text)s` is an email address; give the member number here.", text=shown)
    if _SEVERAL.fullmatch(text[:MAX_KEY_LENGTH]):
        return Message("`%(text)s` is more than one number; give the member's own.", text=shown)
    if not any(map(str.isnumeric, text)) or not text.strip("0"):
        return Message(
            "`%(text)s` is no member number; a number has at least one digit other than 0. "
            "If it isn't known yet, leave the person out.",
            text=shown,
        )
    return ""


def _is_date(text: str) -> bool:
    """Whether the text is a date as spreadsheets write them; not `12/03`, which may be a number."""
    if _NAMED_MONTH.fullmatch(as_word(text)):
        return True
    if found := _SHORT_DATE.fullmatch(text):
        first, second, third = int(found[1]), int(found[3]), int(found[4])
        orders = [(first, second), (second, first)]
        orders += [(second, third)] if len(found[1] + found[3]) == 4 else []
        return any(map(_is_day, orders))
    if found := _YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text):
        lower, upper = sorted(int(part) for part in found.groups() if part)
        return 1 <= lower <= 12 and upper <= 31
    return False


def _is_day(parts: tuple[int, int]) -> bool:
    """Whether two numbers can be a month and a day."""
    month, day = parts
    return 1 <= month <= 12 and 1 <= day <= 31


def number_warning(text: str, *, quote: bool = True) -> str:
    """What to ask about a sound number, as a sentence: may it be several? '' if it can't.

    `quote`: whether the sentence repeats the number.
    """
    if _LOOK_ALIKE.fullmatch(text):
        shown = f"`{text[:40]}`" if quote else THE_NUMBER
        return Message(
            "%(number)s has a letter that looks like 0 or 1; if it is that digit, correct it.",
            number=shown,
        )
    found = _PAIR.fullmatch(text)
    if not found or len(found["first"]) != len(found["last"]):
        return ""
    if not 0 < int(found["last"]) - int(found["first"]) <= MAX_RANGE:
        return ""
    shown = f"`{text[:40]}`" if quote else THE_NUMBER
    return Message(
        "%(number)s may be two numbers or a range; if so, send one record for each person, with "
        "their own number.",
        number=shown,
    )


def parse_number(text: str) -> str:
    """The member number. Raises ValueError with the reason."""
    if problem := MISSING if not text else number_problem(text):
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
