"""The sentences of the pages: found in the code, and in the French catalogue.

    python -m tests.web.messages

brings the catalogue to what the code says; what it cannot translate it leaves empty, and
test_translations.py names it.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "bridge/web/translations/fr/LC_MESSAGES/messages.po"
KEYWORDS = {"gettext": None, "lazy_gettext": None, "_": None, "ngettext": (1, 2)}
PLACES = (("bridge/web", "**.py", "python"), ("templates/web", "**.html", "jinja2"))


def extracted() -> Catalog:
    """Every sentence that a page can show."""
    catalogue = Catalog()
    for folder, pattern, method in PLACES:
        options = {pattern: {"trim_blocks": "true", "silent": "false"}}
        found = extract_from_dir(ROOT / folder, [(pattern, method)], options, KEYWORDS)
        for file, _line, message, comments, context in found:
            place = [(f"{folder}/{file}", 0)]
            catalogue.add(message, None, place, auto_comments=comments, context=context)
    return catalogue


def french() -> Catalog:
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def update() -> None:
    """Write the catalogue anew: sentences in order, no line numbers, nothing that is gone."""
    known = french() if FRENCH.exists() else Catalog(locale="fr")
    known.update(extracted(), no_fuzzy_matching=True)
    known.obsolete.clear()
    with FRENCH.open("wb") as file:
        write_po(file, known, width=0, sort_output=True, no_location=True, omit_header=True)


if __name__ == "__main__":
    update()
