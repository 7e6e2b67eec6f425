"""Entries about consultations."""

from __future__ import annotations

from collections.abc import Sequence

from tests.web.committee.activity.sample import Sample

OF_CONSULTATIONS: Sequence[Sample] = (
    Sample(
        "consultation",
        "opened the consultation Path.",
        about="",
        after={"consultation": "{consultation}", "state": "open", "title": "Path"},
    ),
    Sample(
        "consultation",
        "reopened the consultation Path.",
        about="",
        before={"state": "closed"},
        after={"consultation": "{consultation}", "state": "open"},
    ),
    Sample(
        "consultation",
        "This site closed the consultation Path.",
        about="",
        before={"state": "open"},
        after={"consultation": "{consultation}", "state": "closed"},
        actor="consultations",
    ),
    Sample(
        "consultation",
        "finished the consultation Path.",
        about="",
        before={"state": "closed"},
        after={"consultation": "{consultation}", "state": "finished"},
    ),
    Sample(
        "consultation",
        "changed the consultation Path.",
        about="",
        before={"title": "Old"},
        after={"consultation": "{consultation}", "title": "Path"},
    ),
    Sample(
        "consultation",
        "added a group to the consultation Path.",
        about="",
        after={"consultation": "{consultation}", "group": "Board", "degree": "decides"},
    ),
    Sample(
        "consultation",
        "removed a group from the consultation Path.",
        about="",
        before={"group": "Board"},
        after={"consultation": "{consultation}"},
    ),
    Sample(
        "consultation",
        "ended that a group decides in the consultation Path.",
        about="",
        before={"group": "Board", "degree": "decides"},
        after={"consultation": "{consultation}", "degree": "consulted", "reason": "By mistake"},
    ),
    Sample(
        "consultation",
        "responded to a point of the consultation Path.",
        about="",
        after={"consultation": "{consultation}", "point": "m/whole", "decision": "adopted"},
    ),
    Sample(
        "consultation",
        "withdrew a response of the consultation Path.",
        about="",
        before={"point": "m/whole", "decision": "adopted"},
        after={"consultation": "{consultation}"},
    ),
    Sample(
        "consultation",
        "sent the responses of the consultation Path.",
        about="",
        after={"consultation": "{consultation}", "responses": ["m/whole"], "people": 2},
    ),
    Sample(
        "consultation",
        "closed the consultation (deleted).",
        about="",
        before={"state": "open"},
        after={"consultation": 9999, "state": "closed"},
    ),
    Sample(
        "consultation-invitation",
        "invited Kim Guest to the consultation Path.",
        about="person",
        before={"state": ""},
        after={"consultation": "{consultation}", "group": 3, "state": "invited"},
    ),
    Sample(
        "consultation-invitation",
        "withdrew the invitation of Kim Guest to the consultation Path.",
        about="person",
        before={"state": "invited"},
        after={"consultation": "{consultation}", "group": 3, "state": "withdrawn"},
    ),
    Sample(
        "consultation-answers",
        "Kim Guest answered the consultation Path.",
        about="person",
        after={"consultation": "{consultation}", "version": 1},
        actor="person:{person}",
    ),
    Sample(
        "consultation-answers",
        "entered the answers of Kim Guest to the consultation Path.",
        about="person",
        after={"consultation": "{consultation}", "version": 1},
    ),
    Sample(
        "consultation-approval",
        "Kim Guest approved the text of the consultation Path.",
        about="person",
        after={
            "consultation": "{consultation}",
            "approval": "approved",
            "text": "ab12",
            "note": "",
        },
        actor="person:{person}",
    ),
    Sample(
        "consultation-approval",
        "Kim Guest refused the text of the consultation Path. Note Too long",
        about="person",
        before={"approval": "", "text": ""},
        after={
            "consultation": "{consultation}",
            "approval": "refused",
            "text": "ab12",
            "note": "Too long",
        },
        actor="person:{person}",
    ),
    Sample(
        "consultation-approval",
        "Kim Guest took back their decision about the text of the consultation Path.",
        about="person",
        before={"approval": "approved", "text": "ab12"},
        after={"consultation": "{consultation}", "approval": "", "text": "ab12", "note": ""},
        actor="person:{person}",
    ),
    Sample(
        "listed",
        "exported the list “Answers to a consultation”.",
        about="",
        after={"list": "consultation-answers", "consultation": "{consultation}"},
    ),
)
