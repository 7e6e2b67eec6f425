"""Entries about deliveries, questions, course content, files and tokens."""

from __future__ import annotations

from collections.abc import Sequence

from tests.web.committee.activity.sample import Sample

FILE = {"file": "a-path/first.yaml", "sha256": "ab12" * 16}
DELIVERY = {"delivery": 8, "kind": "badge", "target": "stewardpath:a-path:first", "state": "owed"}
OF_THE_SERVICE: Sequence[Sample] = (
    Sample(
        "retry",
        "for Mem Ber. Reason Rejected Attempts 3 State failed → waiting",
        before={"state": "failed", "reason": "never", "attempts": 3},
        after=DELIVERY,
    ),
    Sample(
        "retry",
        "retried the email “",
        about="",
        before={"state": "failed", "reason": "unknown", "attempts": 1},
        after={"email": 4, "kind": "sign-in", "state": "owed"},
    ),
    Sample(
        "retry",
        "root (on the command line) sent again what may have been sent.",
        about="",
        actor="cli:root",
        before={"reason": "unknown"},
        after={"deliveries": 2, "emails": 1},
    ),
    Sample(
        "treat-as-sent",
        "for Mem Ber as sent.",
        before={"state": "owed", "reason": "unknown", "attempts": 1},
        after={**DELIVERY, "kind": "mail", "state": "done"},
    ),
    Sample(
        "treat-as-sent",
        "treated as sent what may have been sent.",
        about="",
        before={"reason": "unknown"},
        after={"email": 4, "state": "done"},
    ),
    Sample(
        "account-answer",
        "confirmed that a Moodle account belongs to Mem Ber. Previous record Oth Er",
        before={"answer": ""},
        after={"question": 5, "moodle_user_id": 31, "answer": "same", "moved_from": "{other}"},
    ),
    Sample(
        "number-answer",
        "said that a member number isn't that of Mem Ber.",
        before={"answer": ""},
        after={"question": 5, "answer": "different"},
    ),
    Sample(
        "difference-answer",
        "left a difference in Moodle as it is for Mem Ber.",
        before={"kind": "badge", "target": "stewardpath:a-path:first", "what": "revoked"},
        after={"kind": "badge", "what": "revoked", "answer": "leave"},
    ),
    Sample(
        "contact",
        "marked a contact request as done.",
        about="",
        before={"handled": False},
        after={"request": 9, "handled": True},
    ),
    Sample(
        "curriculum",
        "edited the file a-path/first.yaml. Note Shorter Lines minutes: 30 minutes: 20",
        about="",
        before={**FILE, "lines": "minutes: 30"},
        after={**FILE, "lines": "minutes: 20", "note": "Shorter"},
    ),
    Sample("curriculum", "deleted the file a-path/first.yaml.", about="", before=FILE),
    Sample("curriculum", "added the file a-path/first.yaml.", about="", after=FILE),
    Sample(
        "apply",
        "published “A Path & More” to Moodle. Despite many changes yes",
        about="",
        after={"curriculum": "a-path", "fingerprint": "ab12cd34", "force": True},
    ),
    Sample(
        "token-added",
        "created the API token “hr-system”. Scopes members:write",
        about="",
        after={"name": "hr-system", "scopes": ["members:write"]},
    ),
    Sample(
        "token-revoked",
        "revoked the API token “hr-system”.",
        about="",
        before={"name": "hr-system", "scopes": "members:write"},
    ),
    Sample(
        "file-stored",
        "Mem Ber uploaded the file “note.pdf”.",
        actor="member:{member}",
        after={"file": 6, "purpose": "form", "name": "note.pdf"},
    ),
    Sample(
        "file-read",
        "downloaded the file “note.pdf” of Mem Ber.",
        after={"file": 6, "purpose": "form", "name": "note.pdf"},
    ),
)
