"""The JSON Schema that editors use to complete keys, made from the reader's table of keys."""

from __future__ import annotations

from typing import assert_never

from bridge.curriculum.schema.fields import RECORDS
from bridge.curriculum.value_types import (
    KEY_PATTERN,
    LANGUAGE_CODE,
    MONTHS_PATTERN,
    Address,
    Date,
    Decimal,
    Email,
    Field,
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
    Record,
    Shape,
    TranslatedText,
    Word,
    ZoneName,
)

Json = dict[str, "Json"] | list["Json"] | str | int | bool

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LANGUAGES = f"^{LANGUAGE_CODE.pattern}$"
_TYPED: list[Json] = ["string", "number", "boolean"]
"""Types that an editor may give a text: `1.10` a number, `true` a boolean. The reader does not."""


def json_schema() -> dict[str, Json]:
    """One schema (draft 2020-12) for all YAML files of a curriculum.

    It checks structure only. The reader checks references, right answers and images.
    """
    return {
        "$schema": _DIALECT,
        "title": "A Stewardpath curriculum: curriculum.yaml, sessions.yaml, programs.yaml, "
        "forms.yaml or a milestone file",
        "type": "object",
        **_file(
            "curriculum",
            _file("forms", _file("sessions", _file("programs", _reference("milestone")))),
        ),
        "$defs": {name: _record(record) for name, record in RECORDS.items()},
    }


def _file(first_key: str, other: dict[str, Json]) -> dict[str, Json]:
    """A file that begins with this key, or another one."""
    return {"if": {"required": [first_key]}, "then": _reference(first_key), "else": other}


def _reference(record: str) -> dict[str, Json]:
    return {"$ref": f"#/$defs/{record}"}


def _record(record: Record) -> Json:
    required: list[Json] = [key.name for key in record.keys if key.required]
    return {
        "type": "object",
        "description": record.about,
        "properties": {key.name: _key(key) for key in record.keys},
        "required": required,
        "additionalProperties": False,
    }


def _key(key: Field) -> Json:
    about = f"{key.about} Default: {key.default}." if key.default else key.about
    return {"description": about, **_shape(key.shape)}


def _shape(shape: Shape) -> dict[str, Json]:
    match shape:
        case TranslatedText():
            return _translated_text()
        case ListOf():
            item = _shape(shape.item)
            array: dict[str, Json] = {"type": "array", "items": item, "minItems": shape.minimum}
            return {"anyOf": [item, array]} if shape.or_word else array
        case OneOf():
            return _one(shape)
        case Word():
            return _word(shape)
        case Integer():
            bounds: dict[str, Json] = {"minimum": shape.minimum, "maximum": shape.maximum}
            return {"type": ["integer", "string"], "pattern": "^[0-9]{1,9}$", **bounds}
        case Decimal():
            least: dict[str, Json] = {} if shape.minimum is None else {"minimum": shape.minimum}
            return {"type": ["number", "string"], "pattern": r"^-?\d+(\.\d+)?$", **least}
        case Label():
            return {"type": _TYPED, "maxLength": shape.max_length}
        case Date() | Moment() | ZoneName() | Email():
            return {"type": "string", "pattern": _pattern_of(shape)}
        case Name() | NamePair() | Months() | Address() | ImageFile() | LanguageCode():
            return _pattern(shape)
        case _:
            assert_never(shape)


def _pattern_of(shape: Date | Moment | ZoneName | Email) -> str:
    match shape:
        case Date():
            return r"^\d{4}-\d{2}-\d{2}$"
        case Moment():
            return r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?$"
        case ZoneName():
            return "^[A-Z]"
        case Email():
            return "@"
        case _:
            assert_never(shape)


def _pattern(
    shape: Name | NamePair | Months | Address | ImageFile | LanguageCode,
) -> dict[str, Json]:
    match shape:
        case Name():
            types: Json = ["string", "integer"] if shape.may_be_year else "string"
            return {"type": types, "pattern": f"^{shape.pattern}$", "maxLength": shape.max_length}
        case NamePair():
            return {"type": "string", "pattern": f"^{KEY_PATTERN}/{KEY_PATTERN}$"}
        case Months():
            return {"type": "string", "pattern": f"^{MONTHS_PATTERN}$"}
        case Address():
            return {"type": "string", "pattern": "^https?://"}
        case ImageFile():
            return {"type": "string", "pattern": r"\.[pP][nN][gG]$"}
        case LanguageCode():
            return {"type": "string", "pattern": _LANGUAGES}
        case _:
            assert_never(shape)


def _translated_text() -> dict[str, Json]:
    translations: dict[str, Json] = {
        "type": "object",
        "patternProperties": {_LANGUAGES: {"type": _TYPED}},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [{"type": _TYPED}, translations]}


def _word(shape: Word) -> dict[str, Json]:
    """One of the options. Editors may read `true` and `yes` as booleans."""
    options: list[Json] = list(shape.options)
    booleans: list[Json] = [True, False] if {"true", "yes"} & set(shape.options) else []
    return {"enum": options + booleans}


def _one(shape: OneOf) -> dict[str, Json]:
    records: list[Json] = [_reference(name) for name in shape.records]
    if shape.word:
        return {"anyOf": [_word(shape.word), *records]}
    if shape.text:
        return {"anyOf": [*records, _translated_text()]}
    if len(records) == 1:
        return {"$ref": f"#/$defs/{shape.records[0]}"}
    return {"oneOf": records}
