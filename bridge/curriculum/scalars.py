"""Checks one scalar against its shape: keys, words, numbers, addresses."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from bridge.curriculum.problems import Report, did_you_mean, shown
from bridge.curriculum.shapes import (
    KEY_PATTERN,
    LANGUAGE_CODE,
    Address,
    Decimal,
    ImageFile,
    LanguageCode,
    Name,
    Shape,
    Whole,
    Word,
)
from bridge.curriculum.yaml_nodes import Scalar

_KEY = re.compile(KEY_PATTERN)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


def check_scalar(node: Scalar, shape: Shape, label: str, report: Report) -> bool:
    """Whether a scalar fits; reports why it does not. `label` names it in the message."""
    text = node.text.strip()
    if not text:
        report.error(node.mark, f"{label} is empty.")
        return False
    wrong, suggestion = _judge(text, shape)
    if wrong:
        report.error(node.mark, f"{label}: {wrong}", suggestion)
    return not wrong


def slug(text: str, longest: int) -> str:
    """The key nearest to a text: `Délégué(e) no 2` -> `delegue-e-no-2`; '' if there is none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    joined = re.sub(r"[^a-z0-9]+", "-", plain).lstrip("-0123456789")
    return joined[:longest].strip("-")


def _judge(text: str, shape: Shape) -> tuple[str, str]:
    """(what is wrong, what to write instead); ('', '') for a good value."""
    match shape:
        case Name():
            return _judge_name(text, shape)
        case Word():
            return _judge_word(text, shape)
        case Whole():
            return _judge_whole(text, shape)
        case Decimal():
            return _judge_decimal(text, shape)
        case Address():
            return judge_address(text)
        case ImageFile():
            return _judge_path(text)
        case LanguageCode():
            good = LANGUAGE_CODE.fullmatch(text)
            return ("", "") if good else (f"{shown(text)} is no language code.", "such as `en`")
    return "", ""


def _judge_name(text: str, shape: Name) -> tuple[str, str]:
    if not _KEY.fullmatch(text):
        wrong = (
            f"{shown(text)} is not a key; a key has lower-case letters without accents, "
            "digits and hyphens, and begins with a letter."
        )
    elif len(text) > shape.longest:
        wrong = f"{shown(text)} has {len(text)} characters; a key has at most {shape.longest}."
    else:
        return "", ""
    better = slug(text, shape.longest)
    return wrong, f"for example `{better}`" if better else ""


def _judge_word(text: str, shape: Word) -> tuple[str, str]:
    if text.lower() in shape.options:
        return "", ""
    options = ", ".join(f"`{option}`" for option in shape.options)
    return f"{shown(text)} is not one of {options}.", did_you_mean(text, shape.options)


def _judge_whole(text: str, shape: Whole) -> tuple[str, str]:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        digits = re.match(r"[0-9]{1,3}", text)
        return (
            f"{shown(text)} is not a whole number.",
            f"write `{digits.group()}`" if digits else "",
        )
    if not shape.least <= int(text) <= shape.most:
        return f"{text} is not between {shape.least} and {shape.most}.", ""
    return "", ""


def _judge_decimal(text: str, shape: Decimal) -> tuple[str, str]:
    if not _DECIMAL.fullmatch(text) or not text.isascii():
        point = text.replace(",", ".").replace(" ", "")
        better = f"write `{point}`" if _DECIMAL.fullmatch(point) else ""
        return f"{shown(text)} is not a number such as 25 or 2.5.", better
    if shape.least is not None and float(text) < shape.least:
        return f"{text} is less than {shape.least}.", ""
    return "", ""


def judge_address(text: str) -> tuple[str, str]:
    """(what is wrong, what to write instead) for a web address; ('', '') for a good one."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return f"{shown(text)} is not a web address.", ""
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        bare = not parts.scheme and "." in text and " " not in text
        advice = f"write `https://{text.lstrip('/')}`" if bare else ""
        return f"{shown(text)} does not begin with https:// or http://.", advice
    if re.search(r"""[\s<>"`\\]""", text):
        return f"{shown(text)} has a space or a character no web address has.", ""
    if "@" in parts.netloc or not parts.hostname:
        return f"{shown(text)} has a name or password before the site.", "leave it out"
    return "", ""


def _judge_path(text: str) -> tuple[str, str]:
    parts = text.split("/")
    if "\\" in text:
        return f"{shown(text)} has a backslash.", f"write `{text.replace(chr(92), '/')}`"
    if text.startswith(("/", "~")) or ":" in text or ".." in parts or "." in parts:
        return (
            f"{shown(text)} leads out of the curriculum's folder.",
            "put the image in the folder and write its path from there, "
            "such as `badges/new-steward.png`",
        )
    if not text.lower().endswith(".png"):
        return f"{shown(text)} is not a PNG.", "save the image as .png"
    return "", ""
