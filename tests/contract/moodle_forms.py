"""A person at Moodle's own pages: signs in, fills in forms and saves them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import requests

from tests.support.waiting import HANG_SECONDS

Values = dict[str, str]
TEXT_INPUTS = ("hidden", "text", "url", "number", "password")


class Form(HTMLParser):
    """The values that a form of a page has, as a browser would send them, without its buttons."""

    def __init__(self, html: str, marker: str) -> None:
        """`marker`: the name of a field that only this form has."""
        super().__init__()
        self.values: Values = {}
        self.action = ""
        self._forms: list[tuple[str, Values]] = []
        self._select = ""
        self._textarea = ""
        self.feed(html)
        self.close()
        found = [(action, values) for action, values in self._forms if marker in values]
        assert found, f"no form has the field {marker}"
        self.action, self.values = found[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._forms.append((given.get("action", ""), {}))
        if not self._forms:
            return
        values, name = self._forms[-1][1], given.get("name", "")
        if tag == "input" and name:
            self._add_input(values, given, name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in values:
                values[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._textarea = name
            values[name] = ""

    def _add_input(self, values: Values, given: Values, name: str) -> None:
        kind = given.get("type", "text")
        if kind in TEXT_INPUTS:
            values.setdefault(name, given.get("value", ""))
            if kind != "hidden":
                values[name] = given.get("value", "")
        elif kind in ("checkbox", "radio") and "checked" in given:
            values[name] = given.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._forms[-1][1][self._textarea] += data


@dataclass
class Browser:
    """A signed-in person at one Moodle."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def sign_in(self, username: str, password: str) -> None:
        form = Form(self.page("/login/index.php"), "logintoken")
        names = {"username": username, "password": password}
        page = self.post("/login/index.php", {**form.values, **names})
        assert "logout.php" in page, "the sign-in failed"

    def page(self, path: str) -> str:
        got = self.session.get(self.url + path, timeout=HANG_SECONDS)
        assert got.status_code == 200, (path, got.status_code)
        return got.text

    def post(self, path: str, values: Values) -> str:
        got = self.session.post(self.url + path, data=values, timeout=HANG_SECONDS)
        assert got.status_code in (200, 303), (path, got.status_code)
        return got.text

    def session_key(self, path: str) -> str:
        """Moodle's protection of a page against forged requests."""
        found = re.search(r'"sesskey":"(\w+)"', self.page(path))
        assert found, path
        return found[1]

    def upload(self, file: Path, repository: str, form: Values) -> None:
        """Put a file into the field `newfile` of a form."""
        sent = {
            "sesskey": form["sesskey"], "itemid": form["newfile"], "repo_id": repository,
            "title": file.name, "author": "", "savepath": "/", "env": "filepicker", "ctx_id": "1",
        }  # fmt: skip
        address = f"{self.url}/repository/repository_ajax.php?action=upload"
        with file.open("rb") as content:
            files = {"repo_upload_file": (file.name, content, "text/xml")}
            got = self.session.post(address, data=sent, files=files, timeout=HANG_SECONDS)
        assert "error" not in got.json(), got.json()

    def save(self, path: str, marker: str, values: Values, button: str) -> str:
        """Open a form, change some of its fields and press a button; return the next page."""
        form = Form(self.page(path), marker)
        unknown = {name for name in values if name not in form.values} - set(OPTIONAL)
        assert not unknown, f"{path} has no {unknown}"
        target = form.action.removeprefix(self.url) or path
        if not target.startswith("/"):
            target = path.rpartition("/")[0] + "/" + target
        page = self.post(target, {**form.values, **values, button: "1"})
        wrong = re.findall(r'id="id_error_[^"]*"[^>]*>\s*([^<]*\S)\s*<', page)
        assert not wrong, wrong
        return page


OPTIONAL = ("completionview", "completionpassgrade", "completionusegrade", "completion")
"""Boxes and choices, which a form doesn't send while they are off."""
