"""An entry of each kind, as the code writes them. `{member}` and the like are filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bridge.store.operations.audit_log import AuditAction

Values = Mapping[str, object]
About = Literal["member", "person", ""]


@dataclass(frozen=True)
class Sample:
    """An entry, and what its row must say."""

    action: AuditAction
    says: str
    about: About = "member"
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    actor: str = "ana@union.example"


MILESTONE = {"curriculum": "a-path", "milestone": "first", "award": 12}
CREDIT = {"kind": "led", "key": "walking-tour", "curriculum": "a-path"}
FILE = {"file": "a-path/first.yaml", "sha256": "ab12" * 16}
DELIVERY = {"delivery": 8, "kind": "badge", "target": "stewardpath:a-path:first", "state": "owed"}
SAMPLES: Sequence[Sample] = (
    Sample("looked", "ana@union.example viewed the record of Mem Ber."),
    Sample(
        "listed",
        "ana@union.example exported the list “Members”. Region North Search words yes",
        about="",
        after={"list": "members", "region": "north", "milestone": "", "searched": True},
    ),
    Sample(
        "listed",
        "exported the list “Needs follow-up”. Milestone First",
        about="",
        after={"list": "follow-up", "region": "", "milestone": "a-path:first"},
    ),
    Sample("listed", "exported the list “History” about Mem Ber.", after={"list": "history"}),
    Sample("exported", "exported the data of Mem Ber."),
    Sample("signed-up", "Mem Ber signed up on this site.", actor="join"),
    Sample(
        "signed-up",
        "Mem Ber registered in Moodle. Member number as entered 77",
        actor="moodle",
        after={"number_said": "77"},
    ),
    Sample("signed-up", "The program “hr-system” signed up Mem Ber.", actor="api:hr-system"),
    Sample(
        "member",
        "The membership system changed the record of Mem Ber. Region North → South",
        actor="webhook",
        before={"region": "north"},
        after={"region": "south"},
    ),
    Sample(
        "member",
        "Moodle changed the record of Mem Ber. Moodle account linked",
        actor="moodle",
        before={"moodle_user_id": 31},
        after={"moodle_user_id": None},
    ),
    Sample(
        "sign-off",
        "signed off Mem Ber for “walk”. Signed off by Théodora",
        after={"requirement": "walk", "by_name": "Théodora", "list": 3},
    ),
    Sample(
        "sign-offs",
        "signed off 23 members for “walk”.",
        about="",
        after={"list": 3, "curriculum": "a-path", "requirement": "walk", "count": 23},
    ),
    Sample(
        "sign-offs-undone",
        "undid the sign-offs of 1 member. Reason Wrong list",
        about="",
        after={"list": 3, "count": 1, "reason": "Wrong list"},
    ),
    Sample(
        "roles",
        "gave a role to 23 members, or ended it.",
        about="",
        after={"list": 3, "count": 23},
    ),
    Sample(
        "roles-undone",
        "undid a list of roles of 1 member. Reason Wrong list",
        about="",
        after={"list": 3, "count": 1, "reason": "Wrong list"},
    ),
    Sample("credit", "recorded “Led a session: walking tour” for Mem Ber.", after=CREDIT),
    Sample(
        "credit-withdrawn",
        "withdrew “Led a session: walking tour” from Mem Ber. Reason Someone else led it",
        before=CREDIT,
        after={"reason": "Someone else led it"},
    ),
    Sample(
        "award-question",
        "asked whether Mem Ber keeps the milestone “First”. Corrected walk",
        before=MILESTONE,
        after={"lacks": "signoff:walk", "reason": "Wrong person"},
    ),
    Sample(
        "award-kept",
        "decided that Mem Ber keeps the milestone “First”.",
        before=MILESTONE,
        after={"lacks": "role:steward", "note": "Earned anyway"},
    ),
    Sample(
        "award-withdrawn",
        "withdrew the milestone “First” from Mem Ber. Reason Mistake Cancelled updates 2",
        before=MILESTONE,
        after={"reason": "Mistake", "cancelled": 2},
    ),
    Sample("award-allowed", "let Mem Ber earn the milestone “First” again.", after=MILESTONE),
    Sample(
        "role",
        "gave Mem Ber the role “steward”. Region North First day Jan 31, 2026",
        after={"role": "steward", "since": "2026-01-31", "region": "north"},
    ),
    Sample(
        "role",
        "removed the role “steward” of Mem Ber.",
        before={"role": "steward"},
        after={"reason": "Typed for the wrong person"},
    ),
    Sample(
        "role",
        "changed the role “steward” of Mem Ber. Last day Mar 1, 2026",
        before={"role": "steward"},
        after={"role": "steward", "until": "2026-03-01"},
    ),
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
    Sample(
        "form-read",
        "viewed the form “A form” of Kim Guest.",
        about="person",
        after={"form": "a-path/a-form", "submission": 7},
    ),
    Sample(
        "form-sent",
        "Kim Guest sent the form “A form”.",
        about="person",
        actor="person:{person}",
        after={"form": "a-path/a-form", "submission": 7},
    ),
    Sample("form-withdrawn", "withdrew the form “A form”.", after={"form": "a-path/a-form"}),
    Sample(
        "session",
        "scheduled the session hearings.",
        about="",
        after={
            "session": "{session}",
            "state": "draft",
            "starts": "2027-04-17 18:00",
            "zone": "America/Toronto",
            "online": True,
            "seats_room": 12,
        },
    ),
    Sample(
        "session",
        "cancelled the session hearings. Reason Illness",
        about="",
        before={"state": "open"},
        after={"session": "{session}", "state": "cancelled", "reason": "Illness"},
    ),
    Sample(
        "session",
        "changed the materials of the session hearings. Materials Slides",
        about="",
        before={"materials": ""},
        after={"session": "{session}", "materials": "Slides"},
    ),
    Sample(
        "session-leaders",
        "named the leaders of the session hearings. Leaders Kim Guest",
        about="",
        before={"leaders": []},
        after={"session": "{session}", "leaders": ["{person}"]},
    ),
    Sample(
        "attendance",
        "recorded that Kim Guest attended hearings.",
        about="person",
        after={"session": "{session}", "source": "leader", "attended": True},
    ),
    Sample(
        "attendance",
        "took back the attendance of Kim Guest at hearings.",
        about="person",
        before={"session": "{session}", "source": "leader", "attended": True},
        after={"session": "{session}", "source": "leader", "attended": None},
    ),
    Sample("forgot", "ana@union.example erased a member."),
    Sample("person-looked", "viewed the entry of Kim Guest.", about="person"),
    Sample("person-exported", "exported the data of Kim Guest.", about="person"),
    Sample(
        "person-added", "added Kim Guest.", about="person", after={"name": "Kim", "email": "k@x"}
    ),
    Sample(
        "person",
        "changed the entry of Kim Guest. Name Kim → Kim Guest",
        about="person",
        before={"name": "Kim"},
        after={"name": "Kim Guest"},
    ),
    Sample(
        "person-confirmed",
        "Kim Guest confirmed their email address.",
        "person",
        actor="person:{person}",
    ),
    Sample(
        "person-linked",
        "unlinked the entry of Kim Guest from the record of an erased member.",
        about="person",
        before={"member_id": 999, "link": "email"},
        after={"member_id": None},
    ),
    Sample(
        "person-merged",
        "merged two entries of Kim Guest.",
        "person",
        before={"id": 44, "name": "Kim", "email": "k@x", "member_id": None},
    ),
    Sample("note-added", "added a note about Mem Ber."),
    Sample("note-changed", "changed a note about Mem Ber."),
    Sample("note-removed", "removed a note about Mem Ber."),
    Sample("member-merged", "merged another record with that of Mem Ber."),
    Sample(
        "team-given",
        "gave Kim Guest the role “Auditor” in Stewardpath.",
        about="person",
        after={"email": "guest@guest.example", "role": "auditor", "region": ""},
    ),
    Sample(
        "team-confirmed",
        "confirmed the role “Payroll” of Kim Guest in Stewardpath.",
        about="person",
        after={"email": "guest@guest.example", "role": "payroll", "region": ""},
    ),
    Sample(
        "team-invited-again",
        "sent kim@union.example the invitation to the role “Regional chair” again.",
        about="",
        after={"email": "kim@union.example", "role": "chair", "region": "north"},
    ),
    Sample(
        "team-accepted",
        "Kim Guest accepted the role “Auditor” in Stewardpath.",
        about="person",
        after={"email": "guest@guest.example", "role": "auditor", "region": ""},
    ),
    Sample(
        "team-removed",
        "ended the role “Auditor” of Kim Guest in Stewardpath.",
        about="person",
        before={"email": "guest@guest.example", "role": "auditor", "region": ""},
    ),
    Sample("person-erased", "erased a person.", about="person"),
)
