"""Check numbers, periods and dates, and suggest what the author meant."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal as Number
from zoneinfo import available_timezones

from bridge.curriculum.problems import VALID, Verdict, did_you_mean, instead, quoted
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
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h] ?(?P<minute>\d\d)?)?(?::00)? ?(?P<half>[ap]\.?m\.?)?", re.ASCII
)
_NO_TIME = Message("write the hour and the minutes, such as 2027-01-31 17:00")
_ZONES = {
    "pacific": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "pt": "America/Los_Angeles", "mountain": "America/Denver", "mdt": "America/Denver",
    "central": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago",
    "eastern": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
    "atlantic": "America/Halifax",
}  # fmt: skip
"""What people write in North America. Other words are the name of a city."""
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


def check_moment(text: str) -> Verdict:
    """Check a date with or without a time, such as 2027-01-31 17:00."""
    day, _, clock = re.sub(r"^(\S{10})T(?=\d)", r"\1 ", text).partition(" ")
    wrong, advice = check_date(day, Date())
    if wrong or not clock.strip():
        return wrong, advice
    found = _CLOCK.fullmatch(clock.strip().lower())
    hour = int(found["hour"]) if found else 0
    if found and found["half"]:
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    if not found or hour > time.max.hour or int(found["minute"] or 0) > time.max.minute:
        return Message("there is no time %(time)s.", time=quoted(clock)), _NO_TIME
    meant = f"{day} {hour:02}:{found['minute'] or '00'}"
    if meant == text:
        return VALID
    return Message("%(text)s is not a time such as 2027-01-31 17:00.", text=quoted(text)), instead(
        meant
    )


def check_zone(text: str) -> Verdict:
    """Check the name of a time zone."""
    zones = available_timezones()
    if text in zones:
        return VALID
    wrong = Message("%(text)s is not a time zone such as America/Toronto.", text=quoted(text))
    by_city = {name.rpartition("/")[2].lower(): name for name in sorted(zones) if "/" in name}
    plain = text.strip().lower().replace(" ", "_")
    meant = _ZONES.get(plain.removesuffix("_time")) or by_city.get(plain.rpartition("/")[2])
    return wrong, instead(meant) if meant else did_you_mean(text, _areas(zones, text))


def _areas(zones: set[str], text: str) -> list[str]:
    """The zones to compare a text with, in lower case or not: `nearest` compares few names."""
    area = text.partition("/")[0].lower()
    return sorted(name for name in zones if "/" in name and name.lower().startswith(area[:3]))


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
