"""Suggestions about texts, their markup and their languages."""

from __future__ import annotations

from tests.curriculum.reading.suggestions.example import (
    BODY,
    ITEM,
    LIST_ITEM,
    NEXT,
    first,
    title,
    top,
)

HASH = (
    "if it belongs to the text, put the whole text in straight quotes; if it is a comment, write "
    "two spaces before the `#`"
)

TEXTS = (
    first("write each language on a line of its own, such as `en: …`, with the text in straight "
          "quotes", NEXT, f"next: {{en: One, two {'yz ' * 100}}}",
          f'next:\n  en: "One, two {"yz " * 100}"'),
    title("write `%(better)s`", "{en: One, two}", '{en: "One, two"}'),
    title("write `%(better)s`", "{eng: First Step}", "{en: First Step}"),
    title("write `%(better)s`", '{en: "Yes" is right}', "{en: '\"Yes\" is right'}"),
    title("put the whole text in straight quotes", "\n  Rights: yours", '"Rights: yours"'),
    title("if the text begins with `[` or `- `, put it in straight quotes or under `|`",
          "[Draft]", '"[Draft]"'),
    title("remove them, or use straight quotes if you meant them for YAML", "“First Step”",
          "First Step"),
    title("put the whole text in straight quotes; for a comment, write a space after the `#`",
          "Local #5 guide", '"Local #5 guide"'),
    title(HASH, "Local # 5", '"Local # 5"'),
    title(HASH, "Local # five", "Local  # five"),
    first("for a new item, indent the line as the item above, and begin it with `- `; for a text, "
          "put the whole text in straight quotes", ITEM, "  - One\n    - Two", "  - One\n  - Two"),
    top("add it to `languages:` in curriculum.yaml", "title: A small path\nsummary: Two steps.\n"
        "languages: [en]", "title: A small path\nsummary: {fr: Deux étapes.}\nlanguages: [en]",
        "title: A small path\nsummary: {fr: Deux étapes., en: Two steps.}\nlanguages: [en, fr]"),
    first("replace it with your own text", NEXT, "next: TODO", "next: Go on."),
    first("split it", BODY, "            " + "x " * 10_500, "            x"),
    first("write the full address", NEXT, "next: Go [on](page-two).",
          "next: Go [on](https://example.org/page-two)."),
    first("use Markdown, or put it in `backticks`", NEXT, "next: Go <b>on</b>.",
          "next: Go **on**."),
    first("write `[words](https://…)`, without spaces between or inside the brackets `(…)`; "
          "a space in an address is `%(code)s`", NEXT, "next: Go [on] (https://example.org).",
          "next: Go [on](https://example.org)."),
    first("write a space after the `#`", BODY, "            #Heading", "            # Heading"),
    first("write two stars directly before and after the words, or `\\*` for a star", NEXT,
          "next: Go ** on **.", "next: Go **on**."),
    first("write the full address", NEXT, "next: Go [on](mailto:).",
          "next: Go [on](mailto:us@example.org)."),
    first("write `%(better)s`", "https://example.org/agreement?a=1&b=2",
          "https://example.org/agreement #page=12", "https://example.org/agreement#page=12"),
    first("for a comment, write a space after the `#`", "https://example.org/agreement?a=1&b=2",
          "https://example.org/agreement #see page 12",
          "https://example.org/agreement  # see page 12"),
    first("for a key, indent the line like the others", "  Where it *begins*.",
          "  Where it *begins*.\n  en: Hello.", "  Where it *begins*."),
    first("write `|` instead of `>`", "|\n  Where it *begins*.", ">\n  Steps:\n  1. one\n  2. two",
          "|\n  Steps:\n  1. one\n  2. two"),
    title("write the text without these marks", "First **Step**", "First Step"),
    first("write it as one sentence", ITEM, "  - |\n    - One\n    - Two", "  - One and two"),
    first("write `\\*` for a star, or `×` to multiply", NEXT, "next: 5*3*2 is 30.",
          "next: 5×3×2 is 5\\*6."),
    first(LIST_ITEM, BODY, "            – One\n            – Two",
          "            - One\n            - Two"),
    first("delete it", NEXT, "next: Go&#8238; on.", "next: Go on."),
    first("use single quotes around the text, or write `|` and the text on the next lines", NEXT,
          'next: "So $$ 2 \\times 3 $$ now."', "next: 'So $$ 2 \\times 3 $$ now.'"),
    first("use single quotes around the text, or write `|` and the text on the next lines", NEXT,
          'next: "So 2 \\neq 3."', "next: |\n  So 2 \\neq 3."),
)  # fmt: skip
