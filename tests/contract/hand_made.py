"""What a person makes in Moodle without the companion plugin, from the files that `plan` writes."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.contract.moodle_forms import Browser, Form, Values
from tests.contract.sample_union import Union
from tests.support.waiting import HANG_SECONDS

HTML_FORMAT = "1"
FIRST_SECTION = 1


def read_texts(file: Path) -> dict[str, str]:
    """The texts of a file that `plan` wrote, by the label of their field."""
    parts = re.split(r"^=== (.*) ===\n", file.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {label: text.strip() for label, text in zip(parts[::2], parts[1::2], strict=True)}


@dataclass
class HandMade:
    """A teacher who makes activities on the pages of a real Moodle, as docs/moodle.md says."""

    browser: Browser
    course: int

    def choose_plain_text_editor(self) -> None:
        values = {"preference_htmleditor": "textarea"}
        self.browser.save("/user/editor.php", "preference_htmleditor", values, "submitbutton")

    def page(self, texts: dict[str, str], title: str) -> None:
        content = {"page[text]": texts["Page content"], "page[format]": HTML_FORMAT}
        self._add("page", "page[text]", title, content, {"completionview": "1"})

    def link(self, texts: dict[str, str], title: str, idnumber: str) -> None:
        fields = {"externalurl": texts["External URL"], "cmidnumber": idnumber}
        fields |= self._description(texts)
        self._add("url", "externalurl", title, fields, {"completionview": "1"})

    def quiz(self, texts: dict[str, str], title: str, grade: str, questions: Path) -> None:
        passing = {"completionusegrade": "1", "completionpassgrade": "1"}
        fields = {"gradepass": grade, **self._description(texts)}
        added = self._add("quiz", "gradepass", title, fields, passing)
        cmid = max(int(found) for found in re.findall(r"/mod/quiz/view\.php\?id=(\d+)", added))
        for question in self._import(questions, texts["Name"]):
            key = self.browser.session_key(f"/mod/quiz/edit.php?cmid={cmid}")
            path = f"/mod/quiz/edit.php?cmid={cmid}&addquestion={question}&sesskey={key}"
            self.browser.page(path)

    def _description(self, texts: dict[str, str]) -> Values:
        return {
            "introeditor[text]": texts["Description"],
            "introeditor[format]": HTML_FORMAT,
        }

    def _add(self, kind: str, marker: str, title: str, fields: Values, done: Values) -> str:
        path = f"/course/modedit.php?add={kind}&course={self.course}&section={FIRST_SECTION}"
        values = {"name": title, **fields, "completion": "2", **done}
        return self.browser.save(path + "&return=0", marker, values, "submitbutton2")

    def _import(self, file: Path, category: str) -> list[int]:
        """Import questions into the question bank; return their ids."""
        path = f"/question/bank/importquestions/import.php?courseid={self.course}"
        page = self.browser.page(path)
        form = Form(page, "newfile")
        upload = re.search(r'"id":"(\d+)","name":"[^"]*","type":"upload"', page)
        assert upload, "no file can be uploaded"
        self.browser.upload(file, upload[1], form.values)
        answer = self.browser.post(
            path.partition("?")[0], {**form.values, "format": "xml", "submitbutton": "1"}
        )
        assert "Importing" in answer
        return self._questions_in(path, category)

    def _questions_in(self, path: str, category: str) -> list[int]:
        """The ids of the questions in a category of the question bank."""
        shown = re.sub(r"<[^>]*>", "", category)
        options = re.findall(
            r'<option value="(\d+,\d+)"[^>]*>(.*?)</option>', self.browser.page(path)
        )
        named = [value for value, name in options if _starts(name, category, shown)]
        assert len(named) == 1, (options, category)
        bank = f"/question/edit.php?courseid={self.course}&cat={named[0].replace(',', '%2C')}"
        found = re.findall(r'name="q(\d+)"', self.browser.page(bank))
        return sorted({int(each) for each in found})


def _starts(shown: str, title: str, together: str) -> bool:
    """Whether an option of the question bank, with its count, is the category with this title."""
    name = re.sub(r"(&nbsp;|\s|\xa0)+", " ", shown).strip()
    bodies = re.findall(r">([^<]+)<", title)
    return any(name.startswith(each) for each in (together, *bodies))


def make_in_sandbox(core: Union, state: Path, title: str) -> None:
    """The same in the sandbox, which has no such pages: what the plugin made, without its marks."""
    course = f"courseid = (SELECT id FROM course WHERE idnumber = 'stewardpath:{core.key}:welcome')"
    with closing(sqlite3.connect(state, timeout=HANG_SECONDS)) as database, database:
        database.execute(f"UPDATE activity SET idnumber = '' WHERE modname <> 'url' AND {course}")
        rename = f"UPDATE activity SET name = ? WHERE modname = 'quiz' AND {course}"
        database.execute(rename, (title,))
