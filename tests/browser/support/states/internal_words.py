"""Finds words on a page that are for programs: keys, hashes, numbers of records, `None`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.web.translation_catalogue import french

ROOT = Path(__file__).parents[4]
SCRIPT = r"""
() => {
  const FOR_PROGRAMS =
    "code, pre, kbd, samp, script, style, svg, textarea, .diff, .mail, .text-editor";
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [document.title];
  while (texts.nextNode()) {
    const { parentElement: parent, data } = texts.currentNode;
    if (data.trim() && !parent.closest(FOR_PROGRAMS)) found.push(data.trim());
  }
  for (const name of ["aria-label", "alt", "title", "placeholder"])
    for (const each of document.querySelectorAll(`[${name}]`)) found.push(each.getAttribute(name));
  return found;
}
"""
"""Every text of the page, also in closed details and lists of choices, and every label."""
KEY = "[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+"
IN_TEXT = re.compile(rf"(?<![\w./@:=&?#`-]){KEY}(?![\w/@=`-]|\.\w)")
"""Not parts of addresses and file names, and not what an error message quotes from a file."""
IN_CODE = re.compile(rf"[\"'`]({KEY})[\"'`]")
IN_FILE = re.compile(rf"(?::|-)\s+({KEY})\s*$", re.MULTILINE)
PROSE = re.compile(r"^.*\w+ \w+ .*$", re.MULTILINE)
VALUES = (
    (re.compile(r"(?<![\w“.])(?:True|False|null|undefined|NaN)\b(?!@)"), "a value of the code"),
    (re.compile(r"\bNone\b(?=\s*$|[,;.)\]])"), "a value of the code"),
    (re.compile(r"\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}\b"), "a hash"),
    (re.compile(r"(?<![\w/`])[a-z]+:[a-z0-9][\w-]*"), "a key"),
    (re.compile(r"#\d+\b|\b(?:ID|Person|Member|Personne|Membre) \d+\b"), "a record number"),
    (re.compile(r"\b[a-z-]+ \| [a-z-]+\b"), "two keys"),
    (re.compile(r"%\(\w+\)s"), "a placeholder"),
)  # fmt: skip
ALLOWED: dict[str, Collection[str]] = {
    # Buttons of a question that is true or false.
    "lessons.quiz": ("True", "False"),
    "curricula.preview": ("True", "False"),
    # What one types to confirm that two records become one.
    "members.merge": ("ID 1", "ID 13"),
}
"""Words that a page shows with good reason, by endpoint."""


def internal_words(page: Page, endpoint: str) -> list[str]:
    """The words of the open page that are for programs, each with the text it is in."""
    allowed = ALLOWED.get(endpoint, ())
    return [
        f"{page.url}: {word} is {what}, not a word for people (in “{text[:80]}”). Show a title or "
        "a label instead, or put the name of a file in <code>."
        for text in page.evaluate(SCRIPT)
        for word, what in words_for_programs(text)
        if word not in allowed
    ]


def words_for_programs(text: str) -> Iterator[tuple[str, str]]:
    """Each such word, and what it is."""
    for match in IN_TEXT.finditer(text):
        word = match[0]
        if "_" in word or (word in keys() and word not in words()):
            yield word, "a key"
    for pattern, what in VALUES:
        yield from ((match[0], what) for match in pattern.finditer(text))


@cache
def keys() -> frozenset[str]:
    """Every key of the code and of the curricula."""
    found = {match[1] for text in _texts("bridge", "*.py") for match in IN_CODE.finditer(text)}
    found |= {
        match[1] for text in _texts("curricula", "*.yaml") for match in IN_FILE.finditer(text)
    }
    return frozenset(found)


@cache
def words() -> frozenset[str]:
    """The words with a hyphen in the texts of the pages and of the curricula, in all languages."""
    texts = [str(part) for each in french() for part in (each.id, each.string)]
    texts += [line[0] for text in _texts("curricula", "*.yaml") for line in PROSE.finditer(text)]
    return frozenset(word for text in texts for word in re.findall(KEY, text.lower()))


def _texts(folder: str, pattern: str) -> Iterator[str]:
    yield from (each.read_text(encoding="utf-8") for each in (ROOT / folder).rglob(pattern))
