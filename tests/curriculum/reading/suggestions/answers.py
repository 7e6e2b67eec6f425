"""Suggestions about the answers to questions, images, sessions and forms."""

from __future__ import annotations

from tests.curriculum.reading.suggestions.example import IMAGE, forms, second, sessions

PICK = "                - steward\n"

ANSWERS = (
    second("add one with `right:`", "                - steward\n                - right: shop",
           "                - wrong: steward\n                - wrong: shop",
           "                - right: steward\n                - wrong: shop"),
    second("write each answer on a line of its own", PICK,
           "                - delegate, union rep or officer\n",
           "                - delegate\n                - union rep\n"),
    second("write `%(better)s`", PICK, "                - _delegate_\n",
           "                - delegate\n"),
    second("write a word", PICK, '                - "*"\n', PICK),
    second("write one or a few words", PICK, PICK + f"                - {'very ' * 60}long\n",
           PICK + "                - very long\n"),
    second("move the more exact answer up", "                - right: shop steward\n",
           '                - right: "shop*"\n                - right: shop steward\n'
           "                  feedback: Exactly.\n",
           "                - right: shop steward\n                  feedback: Exactly.\n"
           '                - right: "shop*"\n'),
    second("write a smaller `tolerance:`", "tolerance: 0.5", "tolerance: 12", "tolerance: 2"),
    second("move it to the end", PICK, '                - wrong: "*"\n' + PICK, PICK),
    second("put the image in the folder, or remove `image:`", f"{IMAGE}\n",
           "    image: pictures/w.png\n", ""),
    sessions("delete the line, or add the parts", "credit: none", "credit: any-part",
             "credit: all-parts"),
    forms("write the year, the month and the day, with hyphens", "closes: 2030-01-31",
          "closes: 31.1.2030", "closes: 2030-01-31"),
)  # fmt: skip
