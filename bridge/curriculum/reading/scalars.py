"""Check single values: keys, words, numbers, addresses."""

from __future__ import annotations

import re
from typing import assert_never

from bridge.curriculum.problems import (
    VALID,
    Position,
    Report,
    Verdict,
    did_you_mean,
    instead,
    quoted,
)
from bridge.curriculum.reading.language_names import language_meant
from bridge.curriculum.reading.quantities import (
    check_date,
    check_decimal,
    check_integer,
    check_moment,
    check_months,
    check_zone,
)
from bridge.curriculum.reading.role_words import are_several, role_meant
from bridge.curriculum.reading.web_addresses import check_address, check_email
from bridge.curriculum.reading.yaml_nodes import Scalar
from bridge.curriculum.schema.moodle_names import ours_for
from bridge.curriculum.schema.other_words import word_for
from bridge.curriculum.value_types import (
    KEY_PATTERN,
    LANGUAGE_CODE,
    MAX_KEY_LENGTH,
    Address,
    Date,
    Decimal,
    Email,
    ImageFile,
    Integer,
    Label,
    LanguageCode,
    ListOf,
    Moment,
    Months,
    Name,
    NamePair,
    OneOf,
    Shape,
    TranslatedText,
    Word,
    ZoneName,
)
from bridge.messages import NOTHING, Message
from bridge.typography import without_accents

_KEY = re.compile(KEY_PATTERN)
_THOUSANDS = re.compile(r"(?P<number>-?[1-9]\d{0,2})\.000")
_FILE_ENDING = re.compile(r"\.ya?ml$", re.IGNORECASE)


def check_scalar(node: Scalar, shape: Shape, label: str, report: Report) -> bool:
    """Whether a value is valid. If not, reports why. `label` names the value in the message."""
    text = node.text.strip()
    if not text:
        report.error(node.position, Message("%(label)s is empty.", label=label))
        return False
    if isinstance(shape, Address) and node.cut:
        _report_cut(node, node.cut, label, report)
        return False
    wrong, suggestion = _check(text, shape)
    if wrong and isinstance(shape, Name) and shape.is_role:
        suggestion = _role_advice(text, report) or suggestion
    if wrong:
        suggestion = suggestion if _is_valid(suggestion, shape) else NOTHING
        message = Message("%(label)s: %(wrong)s", label=label, wrong=wrong)
        report.error(node.position, message, suggestion)
    elif isinstance(shape, Integer) and shape.per_cent and int(text) == 1:
        low = Message("%(label)s: 1 means 1 per cent.", label=label)
        report.warning(node.position, low, Message("write `100` if you mean all of it"))
    elif isinstance(shape, Decimal) and (thousands := _THOUSANDS.fullmatch(text)):
        number = thousands["number"]
        small = Message("%(label)s: this is %(number)s.", label=label, number=number)
        report.warning(
            node.position, small,
            Message("write `%(whole)s` if the dot separates thousands, or `%(decimal)s` if not",
                    whole=f"{number}000", decimal=number),
        )  # fmt: skip
    return not wrong


def _role_advice(text: str, report: Report) -> Message:
    """The role that a label is for; NOTHING if it is none."""
    if are_several(text, report.role_labels):
        return Message("write one role here")
    meant = role_meant(text, report.role_labels)
    return instead(meant) if meant else NOTHING


def _report_cut(node: Scalar, cut: Position, label: str, report: Report) -> None:
    """Report the part of an address that became a comment, because of a space before its `#`."""
    rest = report.line(cut.file, cut.line)[cut.column - 1 :].strip()
    ends = Message(
        "%(label)s ends before this `#`, because `#` starts a comment in YAML.", label=label
    )
    whole = node.text.strip() + rest
    comment = Message("for a comment, write a space after the `#`")
    report.error(cut, ends, comment if check_address(whole)[0] else instead(whole))


def _is_valid(suggestion: Message, shape: Shape) -> bool:
    """Whether the value that the suggestion names, if any, is itself valid."""
    better = suggestion.values.get("better")
    return better is None or not _check(str(better), shape)[0]


def is_key(text: str) -> bool:
    """Whether a text has the form of a key."""
    return bool(_KEY.fullmatch(text))


def slug(text: str, max_length: int) -> str:
    """A key made from a text: `Délégué(e) no 2` -> `delegue-e-no-2`; '' if that is impossible."""
    plain = without_accents(text).encode("ascii", "ignore").decode().lower()
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
        case Integer() | Decimal() | Date() | Moment() | ZoneName():
            return _check_quantity(text, shape)
        case Address():
            return check_address(text)
        case Email():
            return check_email(text)
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
            return check_months(text, shape)
        case Label():
            return _check_label(text, shape)
        case _:
            assert_never(shape)


def _check_quantity(text: str, shape: Integer | Decimal | Date | Moment | ZoneName) -> Verdict:
    match shape:
        case Integer():
            return check_integer(text, shape)
        case Decimal():
            return check_decimal(text, shape)
        case Date():
            return check_date(text, shape)
        case Moment():
            return check_moment(text)
        case ZoneName():
            return check_zone(text)
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
    meant = language_meant(text, ())
    if LANGUAGE_CODE.fullmatch(text) and not meant:
        return VALID
    wrong = Message("%(text)s is not a language code.", text=quoted(text))
    if not meant and LANGUAGE_CODE.fullmatch(text.lower()):
        meant = text.lower()
    return wrong, instead(meant) if meant else Message("write a code such as `en`")


def _check_name(text: str, shape: Name) -> Verdict:
    if shape.refers:
        return VALID
    if not re.fullmatch(shape.pattern, text):
        wrong = _wrong_key(text, shape)
    elif len(text) > shape.max_length:
        wrong = Message(
            "%(text)s has %(count)s characters; a key can have at most %(limit)s.",
            text=quoted(text), count=len(text), limit=shape.max_length,
        )  # fmt: skip
    else:
        return VALID
    better = slug(_FILE_ENDING.sub("", text), shape.max_length)
    return wrong, Message("for example `%(better)s`", better=better) if better else NOTHING


def _wrong_key(text: str, shape: Name) -> Message:
    if shape.may_be_year:
        return Message(
            "%(text)s is not a valid key. Use lower-case letters without accents, digits and "
            "hyphens.",
            text=quoted(text),
        )
    return Message(
        "%(text)s is not a valid key. Use lower-case letters without accents, "
        "digits and hyphens, and start with a letter.",
        text=quoted(text),
    )


def _check_pair(text: str) -> Verdict:
    parts = text.split("/")
    if len(parts) == 2 and all(_KEY.fullmatch(p) and len(p) <= MAX_KEY_LENGTH for p in parts):
        return VALID
    wrong = Message("%(text)s is not two keys with a slash between them.", text=quoted(text))
    better = "/".join(slug(part, MAX_KEY_LENGTH) for part in parts)
    is_pair = len(parts) == 2 and not better.startswith("/") and not better.endswith("/")
    return wrong, Message(
        "for example `%(better)s`", better=better if is_pair else "steward-mentoring/part-one"
    )


def _check_word(text: str, shape: Word) -> Verdict:
    if text.lower() in shape.options:
        return VALID
    options = ", ".join(f"`{option}`" for option in shape.options)
    wrong = Message("%(text)s is not one of %(options)s.", text=quoted(text), options=options)
    if meant := word_for(text, shape.options):
        return wrong, instead(meant)
    return wrong, ours_for(text, shape.options) or did_you_mean(text, shape.options)


def _check_path(text: str) -> Verdict:
    parts = text.split("/")
    if "\\" in text:
        wrong = Message("%(text)s contains a backslash.", text=quoted(text))
        return wrong, instead(text.replace("\\", "/"))
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
        return wrong, Message("save the image as PNG, and write its new name here")
    return VALID
