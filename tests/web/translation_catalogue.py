"""Messages of the pages: extracted from the code, and the French catalogue.

    python -m tests.web.translation_catalogue

updates the catalogue from the code. New messages get an empty translation, and
test_translations.py names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bridge.curriculum.schema.fields import RECORDS
from bridge.curriculum.value_types import ListOf, OneOf, Shape

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "bridge/web/translations/fr/LC_MESSAGES/messages.po"
KEYWORDS = {"gettext": None, "lazy_gettext": None, "_": None, "ngettext": (1, 2), "Message": None}
PLACES = (("bridge", "**.py", "python"), ("templates/web", "**.html", "jinja2"))


def extracted() -> Catalog:
    """Every message that a page can show."""
    catalogue = Catalog()
    for folder, pattern, method in PLACES:
        options = {pattern: {"trim_blocks": "true", "silent": "false"}}
        found = extract_from_dir(ROOT / folder, [(pattern, method)], options, KEYWORDS)
        for file, _line, message, comments, context in found:
            place = [(f"{folder}/{file}", 0)]
            catalogue.add(message, None, place, auto_comments=comments, context=context)
    for words in table():
        catalogue.add(words, None, [("bridge/curriculum/schema/fields.py", 0)])
    return catalogue


def table() -> Iterator[str]:
    """What the table of keys says of the format."""
    for record in RECORDS.values():
        yield record.label
        for key in record.keys:
            yield key.about
            yield from kinds(key.shape)


def kinds(shape: Shape) -> Iterator[str]:
    """What has to stand somewhere, such as `a requirement`."""
    if isinstance(shape, ListOf):
        yield from kinds(shape.item)
    elif isinstance(shape, OneOf):
        yield shape.what


def french() -> Catalog:
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def update() -> None:
    """Rewrite the catalogue: sorted, without line numbers and obsolete messages."""
    known = french() if FRENCH.exists() else Catalog(locale="fr")
    known.update(extracted(), no_fuzzy_matching=True)
    known.obsolete.clear()
    with FRENCH.open("wb") as file:
        write_po(file, known, width=0, sort_output=True, no_location=True, omit_header=True)


if __name__ == "__main__":
    update()
