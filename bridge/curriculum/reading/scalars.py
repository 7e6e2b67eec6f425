"""Check single values: keys, words, numbers, addresses."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import assert_never
from urllib.parse import urlsplit

from bridge.curriculum.problems import Report, did_you_mean, quoted
from bridge.curriculum.reading.yaml_nodes import Scalar
from bridge.curriculum.value_types import (
    KEY_PATTERN,
    LANGUAGE_CODE,
    MAX_KEY_LENGTH,
    MONTHS_PATTERN,
    Address,
    Date,
    Decimal,
    ImageFile,
    Integer,
    Label,
    LanguageCode,
    ListOf,
    Months,
    Name,
    NamePair,
    OneOf,
    Shape,
    TranslatedText,
    Word,
    in_months,
)
from bridge.messages import NOTHING, Message

Verdict = tuple[Message, Message]
"""What is wrong, and what to write instead; (NOTHING, NOTHING) for a valid value."""

VALID: Verdict = (NOTHING, NOTHING)
_KEY = re.compile(KEY_PATTERN)
_MONTHS = re.compile(MONTHS_PATTERN)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


def check_scalar(node: Scalar, shape: Shape, label: str, report: Report) -> bool:
    """Whether a value is valid. If not, reports why. `label` names the value in the message."""
    text = node.text.strip()
    if not text:
        report.error(node.position, Message("%(label)s is empty.", label=label))
        return False
    wrong, suggestion = _check(text, shape)
    if wrong:
        message = Message("%(label)s: %(wrong)s", label=label, wrong=wrong)
        report.error(node.position, message, suggestion)
    return not wrong


def slug(text: str, max_length: int) -> str:
    """A key made from a text: `Délégué(e) no 2` -> `delegue-e-no-2`; '' if that is impossible."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    joined = re.sub(r"[^a-z0-9]+", "-", plain).lstrip("-0123456789")
    return joined[:max_length].strip("-")


def _check(text: str, shape: Shape) -> Verdict:
    match shape:
        case Name():
            return _check_name(text, shape)
        case NamePair() | Months() | Label():
            return _check_words(text, shape)
        case Word():
            return _check_word(text, shape)
        case Integer() | Decimal() | Date():
            return _check_quantity(text, shape)
        case Address():
            return check_address(text)
        case ImageFile():
            return _check_path(text)
        case LanguageCode():
            return _check_language(text)
        case TranslatedText() | ListOf() | OneOf():
            return VALID
        case _:
            assert_never(shape)


def _check_words(text: str, shape: NamePair | Months | Label) -> Verdict:
    match shape:
        case NamePair():
            return _check_pair(text)
        case Months():
            return _check_months(text, shape)
        case Label():
            return _check_label(text, shape)
        case _:
            assert_never(shape)


def _check_quantity(text: str, shape: Integer | Decimal | Date) -> Verdict:
    match shape:
        case Integer():
            return _check_integer(text, shape)
        case Decimal():
            return _check_decimal(text, shape)
        case Date():
            return _check_date(text)
        case _:
            assert_never(shape)


def _check_label(text: str, shape: Label) -> Verdict:
    if len(text) <= shape.max_length:
        return VALID
    wrong = Message(
        "%(text)s has %(count)s characters; at most %(limit)s are allowed.",
        text=quoted(text), count=len(text), limit=shape.max_length,
    )  # fmt: skip
    return wrong, NOTHING


def _check_language(text: str) -> Verdict:
    if LANGUAGE_CODE.fullmatch(text):
        return VALID
    wrong = Message("%(text)s is not a language code.", text=quoted(text))
    return wrong, Message("write a code such as `en`")


def _check_name(text: str, shape: Name) -> Verdict:
    if not _KEY.fullmatch(text):
        wrong = Message(
            "%(text)s is not a valid key. Use lower-case letters without accents, "
            "digits and hyphens, and start with a letter.",
            text=quoted(text),
        )
    elif len(text) > shape.max_length:
        wrong = Message(
            "%(text)s has %(count)s characters; a key can have at most %(limit)s.",
            text=quoted(text), count=len(text), limit=shape.max_length,
        )  # fmt: skip
    else:
        return VALID
    better = slug(text, shape.max_length)
    return wrong, Message("for example `%(better)s`", better=better) if better else NOTHING


def _check_pair(text: str) -> Verdict:
    parts = text.split("/")
    if len(parts) == 2 and all(_KEY.fullmatch(p) and len(p) <= MAX_KEY_LENGTH for p in parts):
        return VALID
    wrong = Message("%(text)s is not two keys with a slash between them.", text=quoted(text))
    return wrong, Message("for example `steward-mentoring/part-one`")


def _check_months(text: str, shape: Months) -> Verdict:
    """Zero is refused: nothing can have happened within the last 0 months."""
    found = _MONTHS.fullmatch(text)
    if found is None:
        wrong = Message("%(text)s is not a number of months or years.", text=quoted(text))
        digits = re.search(r"[1-9][0-9]{0,3}", text)
        return wrong, _instead(f"{digits.group() if digits else 36} months")
    if not 1 <= in_months(text) <= shape.maximum:
        wrong = Message(
            "%(text)s is not between 1 and %(maximum)s months.",
            text=quoted(text), maximum=shape.maximum,
        )  # fmt: skip
        return wrong, NOTHING
    return VALID


def _check_word(text: str, shape: Word) -> Verdict:
    if text.lower() in shape.options:
        return VALID
    options = ", ".join(f"`{option}`" for option in shape.options)
    wrong = Message("%(text)s is not one of %(options)s.", text=quoted(text), options=options)
    return wrong, did_you_mean(text, shape.options)


def _check_integer(text: str, shape: Integer) -> Verdict:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        digits = re.match(r"[0-9]{1,3}", text)
        wrong = Message("%(text)s is not a whole number.", text=quoted(text))
        return wrong, _instead(digits.group()) if digits else NOTHING
    if not shape.minimum <= int(text) <= shape.maximum:
        wrong = Message(
            "%(text)s is not between %(minimum)s and %(maximum)s.",
            text=text, minimum=shape.minimum, maximum=shape.maximum,
        )  # fmt: skip
        return wrong, NOTHING
    return VALID


def _instead(better: str) -> Message:
    return Message("write `%(better)s`", better=better)


def _check_decimal(text: str, shape: Decimal) -> Verdict:
    if not _DECIMAL.fullmatch(text) or not text.isascii():
        point = text.replace(",", ".").replace(" ", "")
        wrong = Message("%(text)s is not a number such as 25 or 2.5.", text=quoted(text))
        return wrong, _instead(point) if _DECIMAL.fullmatch(point) else NOTHING
    if shape.minimum is not None and float(text) < shape.minimum:
        return Message(
            "%(text)s is less than %(minimum)s.", text=text, minimum=shape.minimum
        ), NOTHING
    return VALID


def _check_date(text: str) -> Verdict:
    form = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)
    if not form:
        wrong = Message("%(text)s is not a date such as 2027-01-31.", text=quoted(text))
        return wrong, Message("write the year, the month and the day, with hyphens")
    try:
        date(*map(int, form.groups()))
    except ValueError:
        return Message("there is no date %(text)s.", text=quoted(text)), NOTHING
    return VALID


def check_address(text: str) -> Verdict:
    """Check that a text is a web address (http or https)."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return Message("%(text)s is not a web address.", text=quoted(text)), NOTHING
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        bare = not parts.scheme and "." in text and " " not in text
        advice = _instead(f"https://{text.lstrip('/')}") if bare else NOTHING
        wrong = Message("%(text)s does not begin with https:// or http://.", text=quoted(text))
        return wrong, advice
    if re.search(r"""[\s<>"`\\]""", text):
        wrong = Message(
            "%(text)s contains a character that is not allowed in a web address.", text=quoted(text)
        )
        return wrong, NOTHING
    if "@" in parts.netloc or not parts.hostname:
        wrong = Message("%(text)s contains a user name or password.", text=quoted(text))
        return wrong, Message("remove it")
    return VALID


def _check_path(text: str) -> Verdict:
    parts = text.split("/")
    if "\\" in text:
        wrong = Message("%(text)s contains a backslash.", text=quoted(text))
        return wrong, _instead(text.replace("\\", "/"))
    if text.startswith(("/", "~")) or ":" in text or ".." in parts or "." in parts:
        return (
            Message("%(text)s is outside the curriculum's folder.", text=quoted(text)),
            Message(
                "put the image in the folder and write its path from there, such as "
                "`badges/new-steward.png`"
            ),
        )
    if not text.lower().endswith(".png"):
        wrong = Message("%(text)s is not a PNG file.", text=quoted(text))
        return wrong, Message("save the image as .png")
    return VALID
