"""The editor's pages of the files without a milestone: sessions.yaml and forms.yaml."""

from __future__ import annotations

from tests.browser.support.states.page_setup import CURRICULUM, open_page, submit_editor
from tests.browser.support.states.page_state import PageState

TOPICS, FORMS = f"{CURRICULUM}/sessions.yaml", f"{CURRICULUM}/forms.yaml"
MISTAKE = "sessions:\n  - session: one\n    title: One\n    minutes: 3\n"

CURRICULUM_STATES = (
    PageState("curricula.edit", open_page(TOPICS), "committee", state="topics"),
    PageState(
        "curricula.check", submit_editor("/check", TOPICS, text=MISTAKE), "committee", "POST",
        state="topics",
    ),
    PageState(
        "curricula.preview", submit_editor("/preview", TOPICS), "committee", "POST", state="topics"
    ),
    PageState(
        "curricula.preview", submit_editor("/preview", FORMS), "committee", "POST", state="forms"
    ),
    PageState("curricula.file_actions", open_page(f"{TOPICS}/file"), "committee", state="topics"),
    PageState("curricula.image_list", open_page(f"{CURRICULUM}/images"), "committee"),
)  # fmt: skip

CURRICULUM_REDIRECTS = (
    ("curricula.request_plan", "POST"),
    ("curricula.new_file", "POST"),
    ("curricula.upload_image", "POST"),
    ("curricula.delete_image", "POST"),
)
