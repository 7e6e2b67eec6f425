"""Finds words on a page that are for programs: keys, hashes, numbers of records, `None`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.web.translation_catalogue import french

ROOT = Path(__file__).parents[3]
SCRIPT = r"""
() => {
  const FOR_PROGRAMS = "code, pre, kbd, samp, script, style, svg, textarea, .diff, .mail, .text-editor";
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
KEY = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+")
IN_TEXT = re.compile(rf"(?<![\w./@:=&?#-]){KEY.pattern}(?![\w/@=-]|\.\w)")
QUOTED = re.compile(rf"[\"'`]({KEY.pattern})[\"'`]")
YAML_VALUE = re.compile(rf"(?::|-)\s+({KEY.pattern})\s*$", re.MULTILINE)
PLAINLY = (
    (re.compile(r"(?<![\w“])(?:True|False|None|null|undefined|NaN)\b(?! yet)"), "a value of the code"),
    (re.compile(r"\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}\b"), "a hash"),
    (re.compile(r"(?<![\w/])[a-z]+:[a-z0-9][\w-]*"), "a key"),
    (re.compile(r"#\d+\b|\b(?:ID|Person|Member|Personne|Membre|Record|Fiche) \d+\b"), "a record number"),
    (re.compile(r"\b[a-z-]+ \| [a-z-]+\b"), "keys"),
    (re.compile(r"%\(\w+\)s"), "a placeholder"),
)  # fmt: skip


def internal_words(page: Page, allowed: Collection[str] = ()) -> list[str]:
    """The words of the open page that are for programs, each with the text it is in."""
    found = []
    for text in page.evaluate(SCRIPT):
        for word, what in words_for_programs(text):
            if word not in allowed:
                found.append(f"{page.url}: {what}, not a word: {word} (in “{text[:80]}”)")
    return found


def words_for_programs(text: str) -> Iterator[tuple[str, str]]:
    """Each such word, and what it is."""
    for match in IN_TEXT.finditer(text):
        word = match[0]
        if "_" in word or (word in keys() and word not in words()):
            yield word, "a key"
    for pattern, what in PLAINLY:
        yield from ((match[0], what) for match in pattern.finditer(text))


@cache
def keys() -> frozenset[str]:
    """Every key of the code and of the curricula."""
    code = (each.read_text(encoding="utf-8") for each in (ROOT / "bridge").rglob("*.py"))
    files = (each.read_text(encoding="utf-8") for each in (ROOT / "curricula").rglob("*.yaml"))
    found = {match[1] for text in code for match in QUOTED.finditer(text)}
    found |= {match[1] for text in files for match in YAML_VALUE.finditer(text)}
    return frozenset(found)


@cache
def words() -> frozenset[str]:
    """The words with a hyphen in the texts of the pages, in both languages."""
    texts = [str(part) for each in french() for part in (each.id, each.string)]
    return frozenset(word for text in texts for word in KEY.findall(text.lower()))
