"""Check numbers, periods and dates, and suggest what the author meant."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal as Number

from bridge.curriculum.problems import VALID, Verdict, instead, quoted
from bridge.curriculum.value_types import (
    MONTHS_PATTERN,
    Date,
    Decimal,
    Integer,
    Months,
    in_months,
)
from bridge.messages import NOTHING, Message

_MONTHS = re.compile(MONTHS_PATTERN)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_SIGNS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "’": " ", "'": " "})
_CURRENCY = re.compile(r"^[$€£] ?| ?[$€£]$")
_PER_CENT = re.compile(r" ?(?:%|per ?cent|pour ?cent)$", re.IGNORECASE)
_GROUPS_OF_THREE = re.compile(
    r"\d{1,3}(?:(?: \d{3})+(?:[.,]\d+)?|(?:,\d{3})+\.\d+|(?:\.\d{3})+,\d+|(?:[,.]\d{3}){2,})"
)
_ONE_COMMA = re.compile(r"(\d*),(\d+)")
_PERIOD = re.compile(
    r"(\d{1,3})(?:[.,](5))? ?(?:(m|mo|mos|mois|mths?|months?)|(y|yrs?|years?|ans?|années?))\.?",
    re.IGNORECASE,
)


def check_integer(text: str, shape: Integer) -> Verdict:
    """Check a whole number."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        wrong = Message("%(text)s is not a whole number.", text=quoted(text))
        meant = _whole_number(text, shape)
        return wrong, instead(meant) if meant else NOTHING
    if not shape.minimum <= int(text) <= shape.maximum:
        wrong = Message(
            "%(text)s is not between %(minimum)s and %(maximum)s.",
            text=text, minimum=shape.minimum, maximum=shape.maximum,
        )  # fmt: skip
        return wrong, NOTHING
    return VALID


def check_decimal(text: str, shape: Decimal) -> Verdict:
    """Check a number that may have a decimal point."""
    if not _DECIMAL.fullmatch(text):
        wrong = Message("%(text)s is not a number such as 25 or 2.5.", text=quoted(text))
        if shape.is_distance and _PER_CENT.search(text):
            return wrong, Message("write how far an answer may be from the right number, such as 5")
        return wrong, _number_meant(text.translate(_SIGNS))
    if shape.minimum is not None and float(text) < shape.minimum:
        return Message(
            "%(text)s is less than %(minimum)s.", text=text, minimum=shape.minimum
        ), NOTHING
    return VALID


def check_months(text: str, shape: Months) -> Verdict:
    """Check a number of months or years. Zero is refused: nothing happened in the last 0 months."""
    found = _MONTHS.fullmatch(text)
    if found is None:
        wrong = Message("%(text)s is not a number of months or years.", text=quoted(text))
        meant = _period_meant(text)
        unit = Message("write a number and the unit, such as `36 months` or `3 years`")
        return wrong, instead(meant) if meant else unit
    if not 1 <= in_months(text) <= shape.maximum:
        wrong = Message(
            "%(text)s is not between 1 and %(maximum)s months.",
            text=quoted(text), maximum=shape.maximum,
        )  # fmt: skip
        return wrong, NOTHING
    return VALID


def check_date(text: str, _shape: Date) -> Verdict:
    """Check a date such as 2027-01-31."""
    form = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)
    if not form:
        wrong = Message("%(text)s is not a date such as 2027-01-31.", text=quoted(text))
        return wrong, Message("write the year, the month and the day, with hyphens")
    try:
        date(*map(int, form.groups()))
    except ValueError:
        return Message("there is no date %(text)s.", text=quoted(text)), NOTHING
    return VALID


def _number_meant(text: str) -> Message:
    """What to write instead. A comma before three digits can mean two numbers: it names both."""
    sign, amount = _sign_and_amount(text)
    comma = _ONE_COMMA.fullmatch(amount)
    if comma and re.fullmatch(r"[1-9]\d{0,2}", comma[1]) and len(comma[2]) == 3:
        return Message(
            "write `%(whole)s` if the comma separates thousands, or `%(decimal)s` if it is a "
            "decimal comma",
            whole=f"{sign}{comma[1]}{comma[2]}",
            decimal=f"{sign}{comma[1]}.{comma[2]}".removesuffix(".000"),
        )  # fmt: skip
    meant = _plain_number(amount)
    return instead(sign + meant) if meant else NOTHING


def _sign_and_amount(text: str) -> tuple[str, str]:
    amount = _PER_CENT.sub("", _CURRENCY.sub("", text.lstrip("+")))
    return ("-", amount[1:].lstrip()) if amount.startswith("-") else ("", amount)


def _plain_number(amount: str) -> str:
    """The number in the format's notation; '' if it isn't clear what is meant."""
    if _GROUPS_OF_THREE.fullmatch(amount):
        last = re.search(r"[.,](\d+)$", amount)
        marks = {mark for mark in amount if not mark.isdigit()}
        has_fraction = last and len(marks) == 2
        whole, fraction = (
            (amount[: last.start()], last[1]) if last and has_fraction else (amount, "")
        )
        amount = re.sub(r"\D", "", whole) + (f".{fraction}" if fraction else "")
    amount = amount.replace(",", ".").removesuffix(".")
    amount = f"0{amount}" if amount.startswith(".") else amount
    return amount if _DECIMAL.fullmatch(amount) else ""


def _whole_number(text: str, shape: Integer) -> str:
    """The whole number that is meant; '' if there is none, or not a clear one, in the range."""
    text = text.translate(_SIGNS).lstrip("+")
    bare = _PER_CENT.sub("", text) if shape.per_cent else text
    groups = re.fullmatch(r"[1-9]\d{0,2}[,.]\d{3}", bare)
    meant = re.sub(r"[,.]", "", bare) if groups else _plain_number(bare)
    if not meant:
        return ""
    number = Number(meant)
    is_share = number < 1 or (number == 1 and not bare.isdecimal())
    if shape.per_cent and number > 0 and is_share and bare == text:
        number *= 100
    is_valid = number == int(number) and shape.minimum <= number <= shape.maximum
    return str(int(number)) if is_valid else ""


def _period_meant(text: str) -> str:
    """The period that is meant. A number alone is clear if so many years would be too long."""
    if re.fullmatch(r"[1-9][0-9]{1,3}", text) and int(text) >= 12:
        return f"{text} months"
    found = _PERIOD.fullmatch(text.translate(_SIGNS))
    if not found:
        return ""
    count, half, months, years = found.groups()
    if half:
        return f"{12 * int(count) + 6} months" if years else ""
    unit = "month" if months else "year"
    return f"{int(count)} {unit}" + ("" if int(count) == 1 else "s")
