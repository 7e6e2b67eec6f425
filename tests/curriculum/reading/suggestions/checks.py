"""Suggestions about entries that are right alone but not together."""

from __future__ import annotations

from tests.curriculum.reading.suggestions.example import first, second, top

REQUIREMENT = "requirements:\n  - page: welcome\n"

CHECKS = (
    first("write `members` if it is for everyone", "audience: members", "audience: {}",
          "audience: members"),
    second("give one of them a different key", "- question: several", "- question: single",
           "- question: several"),
    second("write the key this one had before you renamed it, or remove the line",
           "previously: step-two", "previously: first-step", "previously: step-two"),
    top("delete one", "languages: [en]", "languages: [en, en]", "languages: [en]"),
    top("add it to that list, in the right place", "[first-step, second-step]", "[first-step]",
        "[first-step, second-step]"),
    top("create the file %(key)s.yaml", "[first-step, second-step]",
        "[first-step, second-step, xyz]", "[first-step, second-step]"),
    first("write the address of your own page, or remove the link",
          "https://example.org/agreement", "https://example.org/your-local/a",
          "https://union.example.org/a"),
    second("add `feedback:` to the question or to each of its answers",
           "                  feedback: Indeed.\n", "", "                  feedback: Yes.\n"),
    first("remove one of them from `after:`; without `entry:`, a milestone follows the one "
          "before it", "access: open", "access: open\nentry: {after: [second-step]}",
          "access: open"),
    first("require something from this milestone or an earlier one", REQUIREMENT,
          "requirements:\n  - quiz: the-check\n", REQUIREMENT),
    second("write the same title, or give one of them another key",
           "      - signoff: training\n", "      - signoff: met-in-person\n        title: Other\n",
           "      - signoff: met-in-person\n        title: Met in person\n"),
    second("start the right choice with `right:`", "- right: Yes", "- wrong: Yes", "- right: Yes"),
    second("add one with `wrong:`", "- wrong: No", "- right: No", "- wrong: No"),
    second("add a pair, or a line with only `- right: …` as one more wrong choice",
           "                - right: plays golf\n", "", "                - right: plays golf\n"),
    second("write `type: many`, or make this one `wrong:`", "- wrong: No", "- right: No",
           "- wrong: No"),
    second("write `%(better)s`", "\n  - quiz: the-check\n", "\n  - page: the-check\n",
           "\n  - quiz: the-check\n"),
    second("write %(among)s or fewer, or add requirements under `of:`", "at-least: 1",
           "at-least: 3", "at-least: 2"),
)  # fmt: skip
