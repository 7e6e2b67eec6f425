"""Find what is wrong in `{en: …, fr: …}`, and write it correctly."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bridge.curriculum.problems import instead
from bridge.curriculum.reading.language_names import LATIN, codes_pattern, language_of
from bridge.curriculum.reading.odd_characters import named, without_plain_spaces
from bridge.curriculum.text import Language
from bridge.messages import NOTHING, Message

_MAX_SHOWN = 300
_MAX_LINES = 6
"""How many lines after the first can belong to one `{…}`."""
_CLOSING = {"{": "}", "[": "]", "(": ")", "": "}"}
_SINGLE_QUOTED = re.compile(r"'(?:[^']|'')*'")
_DOUBLE_QUOTED = re.compile(r'"(?:[^"\\]|\\["\\/nt])*"')
_QUOTED_WORD = re.compile(r"""(?P<quote>["'])\S(?:(?!(?P=quote)).)*(?<!\s)(?P=quote)[\s.,;:!?)]""")
"""A text that begins with a word in quotes and goes on, such as `"Yes" is right`."""
_ELISION = re.compile(r"'(?:tis|twas|twere|em|til|cause|bout|n|\d0s)\b(?!.*'$)", re.IGNORECASE)
_WRAPPED = re.compile(r"[“„«]\s*(.*?)\s*[”“»]")
_AFTER = re.compile(r"[\s}\])]*(?:#.*)?$|\s*[}\]]*\s*,\s*[\w-]+:")
"""What can follow the `}`: other brackets, a comment, or the next key of a mapping in braces."""
_DOUBLED = re.compile(r"^\{[{ ]*")
_IN_QUOTES = Message("The `{…}` of the languages has no quotes around it.")
_KEY_LINE = re.compile(r"\s*(?:- +)*[\w-]+:(?: |$)")


@dataclass(frozen=True, slots=True)
class Repair:
    """What is wrong, what to write instead, and where: `line` and `column` count from 0."""

    reason: Message
    better: str
    line: int
    column: int

    @property
    def suggestion(self) -> Message:
        if len(self.better) <= _MAX_SHOWN:
            return instead(self.better)
        return Message(
            "write each language on a line of its own, such as `en: …`, with the text in straight "
            "quotes"
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """One language as typed.

    `comma`: a comma comes before it; `colon`: a colon follows it, and `space` follows that; `odd`:
    a special space near it, or ''.
    """

    name: str
    language: Language
    typed: str
    comma: bool
    colon: bool
    space: bool
    odd: str


@dataclass(frozen=True, slots=True)
class _Braces:
    """A `{…}` as typed. `opening` is '' if it is missing; `rest`: what follows the `}`.

    `apart`: each language is in braces of its own.
    """

    opening: str
    closed: bool
    apart: bool
    parts: tuple[_Part, ...]
    rest: str


def repair_near(
    lines: Sequence[str], number: int, languages: Collection[Language]
) -> Repair | None:
    """The mistake in a `{en: …}` on line `number` (from 0), or on one that reaches this line."""
    for at in range(number, max(-1, number - _MAX_LINES), -1):
        line = lines[at] if at < len(lines) else ""
        for found in _starts(line, languages):
            column = found.start("opening")
            raw, used = _joined(lines, at, column, languages)
            before = line[column - 1 : column]
            if at + used <= number or _is_quoted(line[column - 1 :].rstrip()):
                continue
            if before in ("'", '"'):
                return Repair(_IN_QUOTES, without_braces(raw, languages), at, column - 1)
            if repair := _repair(raw, found["opening"], languages):
                return Repair(*repair, at, column)
    return None


def has_translations(line: str, languages: Collection[Language]) -> bool:
    """Whether a line has a `{en: …}`."""
    return any(found["opening"] for found in _starts(line, languages))


def without_braces(text: str, languages: Collection[Language]) -> str:
    """How to write a text that is `{en: …, fr: …}`, perhaps with more braces; '' if it isn't."""
    if not text.lstrip().startswith("{"):
        return ""
    bare = _DOUBLED.sub("{", " ".join(text.split()))
    found = _pattern(languages).match(bare[1:])
    return _written(_parse(bare, "{", languages)) if found else ""


def _starts(line: str, languages: Collection[Language]) -> Iterator[re.Match[str]]:
    codes = codes_pattern(languages)
    yield from re.finditer(rf"(?P<opening>[{{\[(])\s*[\"']?(?:{codes})[\"']?\s*[:=：]", line, re.I)
    bare = re.match(
        rf"\s*(?:- +)*(?:[\w-]+:\s+)?(?P<opening>)(?:{codes})\s*:(?=.*[\s,;](?:{codes})\s*:)",
        line,
        re.I,
    )
    if bare:
        yield bare


def _pattern(languages: Collection[Language]) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<before>^\s*|[,;]\s*|\s+)(?P<quote>[\"']?)(?P<name>{codes_pattern(languages)})(?P=quote)"
        r"\s*(?P<colon>[:=：])(?P<space>\s*)",
        re.IGNORECASE,
    )


def _joined(
    lines: Sequence[str], at: int, column: int, languages: Collection[Language]
) -> tuple[str, int]:
    """The text from `column` on, with the lines that belong to it; and how many lines these are."""
    raw, used = lines[at][column:], 1
    indent = len(lines[at]) - len(lines[at].lstrip())
    for line in lines[at + 1 : at + _MAX_LINES]:
        is_deeper = len(line) - len(line.lstrip()) > indent
        is_other_key = _KEY_LINE.match(line) and not _pattern(languages).match(line)
        if "}" in raw or not line.strip() or not is_deeper or is_other_key:
            break
        raw, used = f"{raw} {line.strip()}", used + 1
    is_unfinished = "}" not in raw
    return raw, used + _MAX_LINES if is_unfinished else used


def _repair(raw: str, opening: str, languages: Collection[Language]) -> tuple[Message, str] | None:
    braces = _parse(raw, opening, languages)
    reason = _reason(braces) if braces.parts else NOTHING
    return (reason, _written(braces)) if reason else None


def _parse(raw: str, opening: str, languages: Collection[Language]) -> _Braces:
    start = rf"(?=[\"']?(?:{codes_pattern(languages)})[\"']?\s*[:=：])"
    joined = re.sub(rf"}}\s*[,;]?\s*{{\s*{start}", ", ", raw, flags=re.IGNORECASE)
    inner, rest, closed = _closed_part(joined[len(opening) :], _CLOSING[opening])
    parts: list[_Part] = []
    found = list(_first_of_each(_pattern(languages).finditer(inner)))
    for each, following in zip(found, [*found[1:], None], strict=True):
        typed = inner[each.end() : following.start() if following else len(inner)].strip()
        parts.append(_part(each, typed, not parts, languages))
    return _Braces(opening, closed, joined != raw, tuple(parts), rest)


def _part(
    found: re.Match[str], typed: str, is_first: bool, languages: Collection[Language]
) -> _Part:
    spaces = found["before"].lstrip(",;") + found["space"]
    return _Part(
        found["name"],
        language_of(found["name"], languages),
        typed,
        is_first or found["before"].startswith(","),
        found["colon"] == ":",
        bool(found["space"]) or not typed,
        without_plain_spaces(spaces)[:1],
    )


def _first_of_each(found: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    seen: set[str] = set()
    for each in found:
        if each["name"].lower() not in seen:
            seen.add(each["name"].lower())
            yield each


def _closed_part(raw: str, closing: str) -> tuple[str, str, bool]:
    """What comes before the closing bracket, what follows it, and whether there is one."""
    ends = [each.start() for each in re.finditer(re.escape(closing), raw)]
    good = [end for end in ends if _AFTER.match(raw[end + 1 :])]
    if not ends:
        return _without_wrong_bracket(re.split(r"\s+#(?:\s|$)", raw)[0].rstrip()), "", False
    end = good[0] if good else ends[-1]
    return raw[:end], "" if good else raw[end + 1 :].strip(), True


def _without_wrong_bracket(raw: str) -> str:
    """The text without a `)` or `]` at its end that closes nothing in it."""
    for opening, closing in ("()", "[]"):
        if raw.endswith(closing) and raw.count(closing) > raw.count(opening):
            return raw[:-1]
    return raw


def _reason(braces: _Braces) -> Message:
    """What is wrong; NOTHING if nothing is."""
    if not braces.opening:
        return Message("The `{` before the first language is missing.")
    if braces.opening != "{":
        return Message("Translations are written in `{…}`.")
    if braces.apart:
        return Message("All languages of a text are written in one `{…}`.")
    if not braces.closed:
        return Message("The `}` after the last language is missing.")
    for part in braces.parts:
        if reason := _reason_of_name(part) or _reason_of_text(part):
            return reason
    return Message("There is text after the `}`.") if braces.rest else NOTHING


def _reason_of_name(part: _Part) -> Message:
    if part.name.translate(LATIN) != part.name:
        return Message(
            "A letter in %(name)s looks like a Latin one and is another: write `%(code)s`.",
            name=f"`{part.name}`", code=part.language,
        )  # fmt: skip
    if part.odd:
        return Message(
            "There is a special space here, %(code)s, where YAML needs an ordinary one.",
            code=named(part.odd),
        )
    if part.language != part.name:
        return Message(
            "%(name)s is not a language code: write `%(code)s`.",
            name=f"`{part.name}`", code=part.language,
        )  # fmt: skip
    if not part.comma:
        return Message("A comma is missing before `%(code)s:`.", code=part.name)
    if not part.colon:
        return Message("There must be a colon after `%(code)s`.", code=part.name)
    if not part.space:
        return Message("There must be a space after `%(code)s:`.", code=part.name)
    return NOTHING


def _reason_of_text(part: _Part) -> Message:
    text, language = part.typed, part.language
    if _is_quoted(text):
        return NOTHING
    if text[:1] in ("'", '"'):
        return Message(
            "The text in `%(language)s` must end with the quote that it begins with (%(quote)s), "
            "and that quote must be doubled inside it.",
            language=language, quote=text[0],
        )  # fmt: skip
    if "," in text:
        return Message(
            "The comma in the `%(language)s` text ends it, because commas separate the languages "
            "in `{…}`.",
            language=language,
        )
    if re.search(r":(?:\s|$)", text):
        return Message(
            "The colon in the `%(language)s` text ends it inside `{…}`.", language=language
        )
    if re.search(r"\s#|^#", text):
        return Message("The `#` in the `%(language)s` text begins a comment.", language=language)
    if mark := re.search(r"^[*&!%@`|>]|^[-?](?=\s|$)|[\[\]{}]", text):
        return Message(
            "The text in `%(language)s` cannot have the character %(at)s there without quotes.",
            language=language, at=mark[0],
        )  # fmt: skip
    return NOTHING


def _is_quoted(text: str) -> bool:
    return bool(_SINGLE_QUOTED.fullmatch(text) or _DOUBLE_QUOTED.fullmatch(text))


def _written(braces: _Braces) -> str:
    parts = (f"{part.language}: {_in_quotes(_meant(part.typed))}" for part in braces.parts)
    return "{" + ", ".join(parts) + "}"


def _in_quotes(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _meant(typed: str) -> str:
    """The text without the quotes that were meant for YAML."""
    if _SINGLE_QUOTED.fullmatch(typed):
        return typed[1:-1].replace("''", "'")
    if _DOUBLE_QUOTED.fullmatch(typed):
        return re.sub(r"\\(.)", r"\1", typed[1:-1])
    if typed[:1] in ("'", '"') and not _has_quote_of_its_own(typed):
        inner = typed[1:].removesuffix(typed[0])
        return inner.replace("''", "'") if typed[0] == "'" else inner
    wrapped = _WRAPPED.fullmatch(typed)
    return wrapped[1] if wrapped and "," in typed else typed


def _has_quote_of_its_own(typed: str) -> bool:
    """Whether the quote that a text begins with belongs to the text: `"Yes" is right`, `'tis`."""
    is_wrapped = typed[-1] == typed[0] and typed.count(typed[0]) % 2
    return not is_wrapped and bool(_QUOTED_WORD.match(typed) or _ELISION.match(typed))
