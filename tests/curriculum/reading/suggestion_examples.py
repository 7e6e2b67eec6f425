"""For each suggestion: what was typed, and what a person writes who follows it."""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "title: First Step"
ITEM = "  - Knows where the agreement is"
BODY = "            Hello."
NEXT = "next: Go on."
IMAGE = "    image: badges/second.png"
QUESTION = "              text: Is it so?"


@dataclass(frozen=True)
class Example:
    """One suggestion. `old` in a sample file becomes `typed`, and then `followed`."""

    suggestion: str
    file: str
    old: str
    typed: str
    followed: str


def _first(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "first", old, typed, followed)


def _second(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "second", old, typed, followed)


def _top(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "top", old, typed, followed)


def _sessions(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "sessions", old, typed, followed)


def _forms(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "forms", old, typed, followed)


def _title(suggestion: str, typed: str, followed: str) -> Example:
    return _first(suggestion, TITLE, f"title: {typed}", f"title: {followed}")


_QUOTE = "put the whole text in straight quotes, or write `|` and the text on the next lines"
_LIST_ITEM = "begin each item with `- `, a hyphen and a space"
_HASH = (
    "if it belongs to the text, put the whole text in straight quotes; if it is a comment, write "
    "two spaces before the `#`"
)
_REQUIREMENT = "requirements:\n  - page: welcome\n"

SYNTAX = (
    _title(_QUOTE, "Rights: yours", '"Rights: yours"'),
    _title(_QUOTE, "@home", '"@home"'),
    _title(_QUOTE, "[Draft] x", "|\n  [Draft] x"),
    _title("write the backslash twice (`\\\\`), or use single quotes around the text",
           '"C:\\Users"', "'C:\\Users'"),
    _title("move the text to the next line, and indent it by two spaces more than the key",
           "| A text", "|\n  A text"),
    _title("begin the list on the next line; if this is a text, put it in straight quotes",
           "- A text", '"- A text"'),
    _first("replace the tab with spaces", "  - Knows", "\t- Knows", "  - Knows"),
    _title("use straight quotes: \" or '", "“Rights: yours”", '"Rights: yours"'),
    _title("double a quote inside the text ('' or \\\"), or write `|` and the text on the next "
           "lines", "'don't'", "'don''t'"),
    _first("write `key: text`", TITLE, "title:First Step", TITLE),
    _first("check the indentation of this line and the one above it", ITEM,
           "  - One\n two: 2", "  - One\n  - Two"),
    _first("begin the line in column %(column)s, with `%(start)s`", ITEM,
           "  - One\n - Two", "  - One\n  - Two"),
    _second("begin the line in column %(column)s, with `%(start)s`", "                - wrong: No",
            "                  wrong: No", "                - wrong: No"),
    _second("begin the line in column %(column)s, with `%(start)s`",
            "            - question: several", "              question: several",
            "            - question: several"),
    _second("write `%(better)s`", "\n  - quiz: the-check\n", "\n  - quiz the-check\n",
            "\n  - quiz: the-check\n"),
    _second("write them on the lines below it, indented by two spaces more",
            "entry:\n  after: [first-step]\n  role", "entry:\nafter: [first-step]\nrole",
            "entry:\n  after: [first-step]\n  role"),
    _first("keep one of the two", TITLE, f"{TITLE}\n{TITLE}", TITLE),
    _first("delete the line `---`; each file holds one milestone", NEXT, f"{NEXT}\n---\na: b",
           NEXT),
    _title("delete its escape, or write the backslash twice if you meant a backslash",
           '"A\\u202eb"', '"Ab"'),
    _first("if these brackets are part of a text, put the text in straight quotes", ITEM,
           "  [a, b]: c", '  - "[a, b]: c"'),
    _first("delete it; such characters often come with text pasted from another program", TITLE,
           "title: First\u200b Step", TITLE),
    _first("replace it with an ordinary space", TITLE, "title:\u00a0First Step", TITLE),
    _first(_LIST_ITEM, ITEM, "  – One\n  – Two", "  - One\n  - Two"),
    _first(_LIST_ITEM, ITEM, "  -One", "  - One"),
    _first("delete one; if it is part of the text, put the text in straight quotes", ITEM,
           "  - - One", "  - One"),
    _title("add the `}` that closes it, or delete the `{`", "{First Step", "First Step"),
    _second("add the `}` that closes it, or delete the `{`", "audience: stewards",
            "audience: {role: steward", "audience: {role: steward}"),
    _title("add the `]` that closes it; if the text begins with it, put the whole text in "
           "straight quotes", "[Draft", '"[Draft"'),
    _first("delete the lines that begin with three backticks", TITLE, f"```\n{TITLE}", TITLE),
    _first("delete the marks of the comparison, such as `+ ` or `@@`, and the old lines",
           "    - section: start", "+   - section: start", "    - section: start"),
    _first("delete the line `...`", TITLE, f"...\n{TITLE}", TITLE),
    _first("write `%(better)s`", "audience: members", "audience :members", "audience: members"),
    _first("write `%(better)s`", "access: open", "access：open", "access: open"),
    _first("keep one version, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`", TITLE,
           f"=======\n{TITLE}", TITLE),
    _first("delete it; for a heading, write `# ` before its words", BODY,
           f"{BODY}\n            =======\n            Bye.", f"{BODY}\n            Bye."),
    _first("type the letter again, and save the file as UTF-8", NEXT, "next: La v?rification.",
           "next: La vérification."),
    _first("write `%(meant)s`, also elsewhere in this file", NEXT, "next: Ã  bientôt.",
           "next: À bientôt."),
    _first("write `%(better)s`", "https://example.org/agreement?a=1&b=2", "<https://u.test>",
           "https://u.test"),
    _first("write `[words](https://…)`, with the words of your text", BODY,
           "            See https://u.test, please.", "            See [us](https://u.test)."),
    _second("write one role here", "  role: steward\ncourse", "  role: steward and trustee\ncourse",
            "  role: steward\ncourse"),
    _second("if one of them is misspelt, write the same key in both places",
            "requirements:\n", "requirements:\n  - signoff: trainin\n",
            "requirements:\n  - role: steward\n"),
    _first("keep one version, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`", BODY,
           "            <<<<<<< ours\n            A\n            =======\n            B\n"
           "            >>>>>>> theirs", "            A"),
    _first("write `%(meant)s`, also elsewhere in this file", NEXT, "next: CafÃ© du local.",
           "next: Café du local."),
    _first("type the letter again, and save the file as UTF-8", NEXT, "next: Caf\ufffd.",
           "next: Café."),
)  # fmt: skip

TEXTS = (
    _first("write each language on a line of its own, such as `en: …`, with the text in straight "
           "quotes", NEXT, f"next: {{en: One, two {'yz ' * 100}}}",
           f'next:\n  en: "One, two {"yz " * 100}"'),
    _title("write `%(better)s`", "{en: One, two}", '{en: "One, two"}'),
    _title("write `%(better)s`", "{eng: First Step}", "{en: First Step}"),
    _title("write `%(better)s`", '{en: "Yes" is right}', "{en: '\"Yes\" is right'}"),
    _title("put the whole text in straight quotes", "\n  Rights: yours", '"Rights: yours"'),
    _title("if the text begins with `[` or `- `, put it in straight quotes or under `|`",
           "[Draft]", '"[Draft]"'),
    _title("remove them, or use straight quotes if you meant them for YAML", "“First Step”",
           "First Step"),
    _title("put the whole text in straight quotes; for a comment, write a space after the `#`",
           "Local #5 guide", '"Local #5 guide"'),
    _title(_HASH, "Local # 5", '"Local # 5"'),
    _title(_HASH, "Local # five", "Local  # five"),
    _first("for a new item, indent the line as the item above, and begin it with `- `; for a text, "
           "put the whole text in straight quotes", ITEM, "  - One\n    - Two", "  - One\n  - Two"),
    _top("add it to `languages:` in curriculum.yaml", "title: A small path\nsummary: Two steps.\n"
         "languages: [en]", "title: A small path\nsummary: {fr: Deux étapes.}\nlanguages: [en]",
         "title: A small path\nsummary: {fr: Deux étapes., en: Two steps.}\nlanguages: [en, fr]"),
    _first("replace it with your own text", NEXT, "next: TODO", "next: Go on."),
    _first("split it", BODY, "            " + "x " * 10_500, "            x"),
    _first("write the full address", NEXT, "next: Go [on](page-two).",
           "next: Go [on](https://example.org/page-two)."),
    _first("use Markdown, or put it in `backticks`", NEXT, "next: Go <b>on</b>.",
           "next: Go **on**."),
    _first("write `[words](https://…)`, without spaces between or inside the brackets `(…)`; "
           "a space in an address is `%(code)s`", NEXT, "next: Go [on] (https://example.org).",
           "next: Go [on](https://example.org)."),
    _first("write a space after the `#`", BODY, "            #Heading", "            # Heading"),
    _first("write two stars directly before and after the words, or `\\*` for a star", NEXT,
           "next: Go ** on **.", "next: Go **on**."),
    _first("write the full address", NEXT, "next: Go [on](mailto:).",
           "next: Go [on](mailto:us@example.org)."),
    _first("write `%(better)s`", "https://example.org/agreement?a=1&b=2",
           "https://example.org/agreement #page=12", "https://example.org/agreement#page=12"),
    _first("for a comment, write a space after the `#`", "https://example.org/agreement?a=1&b=2",
           "https://example.org/agreement #see page 12",
           "https://example.org/agreement  # see page 12"),
    _first("for a key, indent the line like the others", "  Where it *begins*.",
           "  Where it *begins*.\n  en: Hello.", "  Where it *begins*."),
    _first("write `|` instead of `>`", "|\n  Where it *begins*.", ">\n  Steps:\n  1. one\n  2. two",
           "|\n  Steps:\n  1. one\n  2. two"),
    _title("write the text without these marks", "First **Step**", "First Step"),
    _first("write it as one sentence", ITEM, "  - |\n    - One\n    - Two", "  - One and two"),
    _first("write `\\*` for a star, or `×` to multiply", NEXT, "next: 5*3*2 is 30.",
           "next: 5×3×2 is 5\\*6."),
    _first(_LIST_ITEM, BODY, "            – One\n            – Two",
           "            - One\n            - Two"),
    _first("delete it", NEXT, "next: Go&#8238; on.", "next: Go on."),
    _first("use single quotes around the text, or write `|` and the text on the next lines", NEXT,
           'next: "So $$ 2 \\times 3 $$ now."', "next: 'So $$ 2 \\times 3 $$ now.'"),
    _first("use single quotes around the text, or write `|` and the text on the next lines", NEXT,
           'next: "So 2 \\neq 3."', "next: |\n  So 2 \\neq 3."),
)  # fmt: skip

VALUES = (
    _second("write a number and the unit, such as `36 months` or `3 years`",
            "      - signoff: training", "      - certificate: aid\n        within: a while",
            "      - certificate: aid\n        within: 3 years"),
    _second("write `%(whole)s` if the comma separates thousands, or `%(decimal)s` if it is a "
            "decimal comma", "number: 10", "number: 1,200", "number: 1200"),
    _second("write `%(whole)s` if the dot separates thousands, or `%(decimal)s` if not",
            "number: 10", "number: 10.000", "number: 10"),
    _second("write `%(better)s`", "correct: no", "correct: faux", "correct: false"),
    _second("write `%(better)s`", "- wrong: No", "- mauvaise: No", "- wrong: No"),
    _second("write `100` if you mean all of it", "pass: 80", "pass: 1", "pass: 100"),
    _second("write `%(better)s`", "pass: 80", "pass: 1.0", "pass: 100"),
    _second("write how far an answer may be from the right number, such as 5", "tolerance: 0.5",
            "tolerance: 5%", "tolerance: 0.5"),
    _second("write `%(better)s`", "  role: steward\ncourse", "  role: délégué\ncourse",
            "  role: steward\ncourse"),
    _second("did you mean `%(name)s`?", "  role: steward\ncourse", "  role: deleguee\ncourse",
            "  role: steward\ncourse"),
    _top("for example `%(better)s`", "[first-step, second-step]",
         "[first-step.yaml, second-step]", "[first-step, second-step]"),
    _top("did you mean `%(name)s`?", "[first-step, second-step]",
         "[first-stepp, second-step]", "[first-step, second-step]"),
    _first("did you mean `%(name)s`?", "milestone: first-step", "milestone: first-stepp",
           "milestone: first-step"),
    _second("for example `%(better)s`", "- signoff: training", "- signoff: Basic Training",
            "- signoff: basic-training"),
    _second("for example `%(better)s`", "- signoff: training", "- mentoring: Pairs/Part 1",
            "- mentoring: pairs/part-1"),
    _top("write a code such as `en`", "[en]", "[klingon]", "[en]"),
    _second("put the image in the folder and write its path from there, such as "
            "`badges/new-steward.png`", IMAGE, "    image: ../second.png", IMAGE),
    _second("save the image as PNG, and write its new name here", IMAGE,
            "    image: badges/second.jpg", IMAGE),
    _first("write a link in the text of a page: `[our address](mailto:…)`",
           "        - link: agreement\n          title: The agreement\n"
           "          url: https://example.org/agreement?a=1&b=2\n          description: Read it.",
           "        - link: agreement\n          title: The agreement\n"
           "          url: us@example.org\n          description: Read it.",
           "        - link: agreement\n          title: The agreement\n"
           "          url: https://example.org/agreement\n"
           "          description: Write to [us](mailto:us@example.org)."),
    _first("remove it", "https://example.org/agreement", "https://me:pw@example.org/agreement",
           "https://example.org/agreement"),
    _second("write `one` if one choice is right, or `many` if several are", "type: one",
            "type: multichoice", "type: one"),
    _second("write `%(better)s`, which is the same", "type: match", "type: matching",
            "type: match"),
    _second("nothing can mark such answers: write a `short` question, or ask for the text in a "
            "form (forms.yaml)", "type: short", "type: essay", "type: short"),
    _second("there is no such type here: write several questions of another type", "type: one",
            "type: cloze", "type: one"),
)  # fmt: skip

KEYS = (
    _first("did you mean `%(name)s`?", TITLE, "titel: First Step", TITLE),
    _first("`%(name)s` is already there; delete this line", TITLE, f"{TITLE}\ntitel: x", TITLE),
    _first("if the colon is part of the text, put the whole text in straight quotes",
           "access: open", "access:\n  open: x", 'access: "open"'),
    _first("start each item with `- `, or write them in `[…]`", ITEM, "  Knows it", "  - Knows it"),
)  # fmt: skip

CHECKS = (
    _first("write `members` if it is for everyone", "audience: members", "audience: {}",
           "audience: members"),
    _second("give one of them a different key", "- question: several", "- question: single",
            "- question: several"),
    _second("write the key this one had before you renamed it, or remove the line",
            "previously: step-two", "previously: first-step", "previously: step-two"),
    _top("delete one", "languages: [en]", "languages: [en, en]", "languages: [en]"),
    _top("add it to that list, in the right place", "[first-step, second-step]", "[first-step]",
         "[first-step, second-step]"),
    _top("create the file %(key)s.yaml", "[first-step, second-step]",
         "[first-step, second-step, xyz]", "[first-step, second-step]"),
    _first("write the address of your own page, or remove the link",
           "https://example.org/agreement", "https://example.org/your-local/a",
           "https://union.example.org/a"),
    _second("add `feedback:` to the question or to each of its answers",
            "                  feedback: Indeed.\n", "", "                  feedback: Yes.\n"),
    _first("remove one of them from `after:`; without `entry:`, a milestone follows the one "
           "before it", "access: open", "access: open\nentry: {after: [second-step]}",
           "access: open"),
    _first("require something from this milestone or an earlier one", _REQUIREMENT,
           "requirements:\n  - quiz: the-check\n", _REQUIREMENT),
    _second("write the same title, or give one of them another key",
            "      - signoff: training\n", "      - signoff: met-in-person\n        title: Other\n",
            "      - signoff: met-in-person\n        title: Met in person\n"),
    _second("start the right choice with `right:`", "- right: Yes", "- wrong: Yes", "- right: Yes"),
    _second("add one with `wrong:`", "- wrong: No", "- right: No", "- wrong: No"),
    _second("add a pair, or a line with only `- right: …` as one more wrong choice",
            "                - right: plays golf\n", "", "                - right: plays golf\n"),
    _second("write `type: many`, or make this one `wrong:`", "- wrong: No", "- right: No",
            "- wrong: No"),
    _second("write `%(better)s`", "\n  - quiz: the-check\n", "\n  - page: the-check\n",
            "\n  - quiz: the-check\n"),
    _second("write %(among)s or fewer, or add requirements under `of:`", "at-least: 1",
            "at-least: 3", "at-least: 2"),
)  # fmt: skip

_BOSS = "                - wrong: boss\n"
_PICK = "                - steward\n"

ANSWERS = (
    _second("add one with `right:`", "                - steward\n                - right: shop",
            "                - wrong: steward\n                - wrong: shop",
            "                - right: steward\n                - wrong: shop"),
    _second("write each answer on a line of its own", _PICK,
            "                - delegate, union rep or officer\n",
            "                - delegate\n                - union rep\n"),
    _second("write `%(better)s`", _PICK, "                - _delegate_\n",
            "                - delegate\n"),
    _second("write a word", _PICK, '                - "*"\n', _PICK),
    _second("write one or a few words", _PICK, _PICK + f"                - {'very ' * 60}long\n",
            _PICK + "                - very long\n"),
    _second("move the more exact answer up", "                - right: shop steward\n",
            '                - right: "shop*"\n                - right: shop steward\n'
            "                  feedback: Exactly.\n",
            "                - right: shop steward\n                  feedback: Exactly.\n"
            '                - right: "shop*"\n'),
    _second("write a smaller `tolerance:`", "tolerance: 0.5", "tolerance: 12", "tolerance: 2"),
    _second("move it to the end", _PICK, '                - wrong: "*"\n' + _PICK, _PICK),
    _second("put the image in the folder, or remove `image:`", f"{IMAGE}\n",
            "    image: pictures/w.png\n", ""),
    _sessions("delete the line, or add the parts", "credit: none", "credit: any-part",
              "credit: all-parts"),
    _forms("write the year, the month and the day, with hyphens", "closes: 2030-01-31",
           "closes: 31.1.2030", "closes: 2030-01-31"),
)  # fmt: skip

EXAMPLES = (*SYNTAX, *TEXTS, *VALUES, *KEYS, *CHECKS, *ANSWERS)

ELSEWHERE = frozenset(
    {
        # about files that are not texts, or about their names and sizes
        "delete one of the two",
        "rename the file to %(name)s, or move its lines into that file",
        "rename this folder to images, or move its images into that folder",
        "save its text as plain text, in the file %(name)s",
        "save it at a smaller size",
        "save the image again as PNG",
        "copy or save the image again",
        "delete it: there is also a file %(name)s",
        "rename it to %(name)s",
        "move it into the curriculum's folder, or delete it",
        "copy the file into the folder",
        "create it; it names the curriculum and lists its milestones",
        "save it again with UTF-8 encoding",
        "split it into one file per milestone",
        "copy its text into a text editor, and save that as plain text (UTF-8)",
        "save the text of %(name)s as plain text, in the file %(key)s.yaml",
        "write the file, or delete it",
        # about several versions or several curricula
        "if so, add the line `previously: %(old)s`, so that members keep their results",
        "if so, write `%(old)s` again, because what is recorded for members belongs to the key; to "
        "show another name, change only the title",
        "write `%(old)s` again; to show another name, change only the title",
        "give this one a different key",
        # about texts in two languages, with tests of their own
        "add it as an answer, or write `type: number`",
        "write both alike in every language, or both differently",
        "write different texts",
        # about two files
        "delete the line, or the requirement",
        # about images and formulas, with tests of their own
        "rename the file to %(name)s, and write `![description](%(path)s)`",
        "write `![description](images/…)`, without spaces between its parts or in the name",
        "describe it between the brackets: `![…](%(address)s)`",
        "end it with `%(closing)s`, without an empty line in it; outside a formula, "
        "write `%(plain)s`",
        "put it next to curriculum.yaml, in the folder `images/`, and write `images/…`",
        "put the file in the folder `images/`, or upload it in the editor",
        "rename it, so that it ends with `.%(kind)s`",
        "save it as PNG or WebP",
        "save the image again as PNG or JPEG",
        "save the image in `images/`, and write `images/…`",
        "save them at a smaller size",
        "show it in a page, the introduction of a quiz, a section, a link, a "
        "question or its feedback",
        "show it with `![…](%(name)s)`, or delete it",
        "use only letters without accents, digits, `-` and `_`, and end it with `.%(ending)s`",
    }
)
"""Suggestions that aren't followed by typing in one file. Other tests show them."""
