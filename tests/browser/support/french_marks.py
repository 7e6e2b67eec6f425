"""Finds French marks on a page that a line break could separate from their word."""

from __future__ import annotations

from playwright.sync_api import Page

SCRIPT = r"""
() => {
  const MARK = /(?<=[\p{L}\p{N})»”])(?: ?[;?!](?=[\s)»”]|$)| :(?=\s|$)| ?»)/u;
  const OPENING = /«(?!\u00a0)/;
  const LEFT_ALONE =
    "code, pre, kbd, samp, script, style, textarea, td.words, .diff, .mail, .text-editor";
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const { parentElement: parent, data } = texts.currentNode;
    if (parent.closest(LEFT_ALONE) || parent.closest("[lang]").lang !== "fr") continue;
    if (MARK.test(data) || OPENING.test(data)) found.push(data.trim().slice(0, 120));
  }
  return found;
}
"""


def breakable_marks(page: Page) -> list[str]:
    """The French texts of the open page with a mark that has no no-break space."""
    return [f"no no-break space: {text}" for text in page.evaluate(SCRIPT)]
