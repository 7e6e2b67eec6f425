"""A template raises for a value that it has no branch for."""

from __future__ import annotations

import pytest
from flask import render_template

from bridge.web.curricula.storage.text_diff import DiffLine
from tests.web.signed_in_users import SignedInUsers


def test_a_line_of_an_unknown_kind_is_an_error(users: SignedInUsers) -> None:
    with users.client("committee").application.test_request_context():
        shown = render_template("web/curricula/diff.html", lines=[DiffLine("", "same")])
        assert "<div><span></span>same</div>" in shown
        with pytest.raises(AssertionError, match="no branch for '!'"):
            render_template("web/curricula/diff.html", lines=[DiffLine("!", "odd")])
