"""Suggestions about a key, or about a value such as a number, a date or a name."""

from __future__ import annotations

from tests.curriculum.reading.suggestions.example import (
    IMAGE,
    ITEM,
    TITLE,
    first,
    second,
    sessions,
    top,
)

VALUES = (
    second("write a number and the unit, such as `36 months` or `3 years`",
           "      - signoff: training", "      - certificate: aid\n        within: a while",
           "      - certificate: aid\n        within: 3 years"),
    second("write `%(whole)s` if the comma separates thousands, or `%(decimal)s` if it is a "
           "decimal comma", "number: 10", "number: 1,200", "number: 1200"),
    second("write `%(whole)s` if the dot separates thousands, or `%(decimal)s` if not",
           "number: 10", "number: 10.000", "number: 10"),
    second("write `%(better)s`", "correct: no", "correct: faux", "correct: false"),
    second("write `%(better)s`", "- wrong: No", "- mauvaise: No", "- wrong: No"),
    second("write `100` if you mean all of it", "pass: 80", "pass: 1", "pass: 100"),
    second("write `%(better)s`", "pass: 80", "pass: 1.0", "pass: 100"),
    second("write how far an answer may be from the right number, such as 5", "tolerance: 0.5",
           "tolerance: 5%", "tolerance: 0.5"),
    second("write `%(better)s`", "  role: steward\ncourse", "  role: délégué\ncourse",
           "  role: steward\ncourse"),
    second("did you mean `%(name)s`?", "  role: steward\ncourse", "  role: deleguee\ncourse",
           "  role: steward\ncourse"),
    top("did you mean `%(name)s`?", "[first-step, second-step]",
        "[first-step.yaml, second-step]", "[first-step, second-step]"),
    top("did you mean `%(name)s`?", "[first-step, second-step]",
        "[first-stepp, second-step]", "[first-step, second-step]"),
    top("did you mean `%(name)s`?", "[first-step, second-step]",
        "[First Step, second-step]", "[first-step, second-step]"),
    top("write one item of the list for each key", "[first-step, second-step]",
        "[first-step; second-step]", "[first-step, second-step]"),
    first("write `%(better)s`", "requirements:\n  - page: welcome",
          "requirements:\n  - page: Welcome\n", "requirements:\n  - page: welcome\n"),
    second("write `%(better)s`", "requirements:\n  - quiz: the-check",
           "requirements:\n  - quiz: check what you know",
           "requirements:\n  - quiz: the-check"),
    second("write `%(better)s`", "after: [first-step]", "after: [First Step]",
           "after: [first-step]"),
    first("did you mean `%(name)s`?", "milestone: first-step", "milestone: first-stepp",
          "milestone: first-step"),
    second("for example `%(better)s`", "- signoff: training", "- signoff: Basic Training",
           "- signoff: basic-training"),
    second("for example `%(better)s`", "- signoff: training", "- mentoring: Pairs/Part 1",
           "- mentoring: pairs/part-1"),
    top("write a code such as `en`", "[en]", "[klingon]", "[en]"),
    second("put the image in the folder and write its path from there, such as "
           "`badges/new-steward.png`", IMAGE, "    image: ../second.png", IMAGE),
    second("save the image as PNG, and write its new name here", IMAGE,
           "    image: badges/second.jpg", IMAGE),
    first("write a link in the text of a page: `[our address](mailto:…)`",
          "        - link: agreement\n          title: The agreement\n"
          "          url: https://example.org/agreement?a=1&b=2\n          description: Read it.",
          "        - link: agreement\n          title: The agreement\n"
          "          url: us@example.org\n          description: Read it.",
          "        - link: agreement\n          title: The agreement\n"
          "          url: https://example.org/agreement\n"
          "          description: Write to [us](mailto:us@example.org)."),
    first("remove it", "https://example.org/agreement", "https://me:pw@example.org/agreement",
          "https://example.org/agreement"),
    second("write `one` if one choice is right, or `many` if several are", "type: one",
           "type: multichoice", "type: one"),
    second("write `%(better)s`, which is the same", "type: match", "type: matching",
           "type: match"),
    second("nothing can mark such answers: write a `short` question, or ask for the text in a "
           "form (forms.yaml)", "type: short", "type: essay", "type: short"),
    second("there is no such type here: write several questions of another type", "type: one",
           "type: cloze", "type: one"),
)  # fmt: skip

KEYS = (
    sessions("delete this line: sessions get their dates on the page Schedule",
             "    credit: none", "    credit: none\n    date: 2030-01-31", "    credit: none"),
    first("delete this line: it does not end once it is given", "access: open",
          "access: open\nvalid-for: 2 years", "access: open"),
    first("write `%(better)s`", "          body: |", "          content: |", "          body: |"),
    first("write `%(better)s`", "          url:", "          address:", "          url:"),
    second("write it below `entry:`, as `after:`", "entry:\n  after: [first-step]\n",
           "requires: [first-step]\nentry:\n", "entry:\n  after: [first-step]\n"),
    second("write `within`, such as `within: 36 months`", "      - signoff: training",
           "      - certificate: aid\n        expires: 3 years",
           "      - certificate: aid\n        within: 3 years"),
    sessions("write `minutes`, and how long it takes in minutes", "    credit: none",
             "    duration: 2 hours", "    minutes: 120"),
    first("did you mean `%(name)s`?", TITLE, "titel: First Step", TITLE),
    first("`%(name)s` is already there; delete this line", TITLE, f"{TITLE}\ntitel: x", TITLE),
    first("if the colon is part of the text, put the whole text in straight quotes",
          "access: open", "access:\n  open: x", 'access: "open"'),
    first("start each item with `- `, or write them in `[…]`", ITEM, "  Knows it", "  - Knows it"),
)  # fmt: skip
