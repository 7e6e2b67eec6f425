"""Entries about members, their milestones and what counts for them."""

from __future__ import annotations

from collections.abc import Sequence

from tests.web.committee.activity.sample import Sample

MILESTONE = {"curriculum": "a-path", "milestone": "first", "award": 12}
CREDIT = {"kind": "led", "key": "walking-tour", "curriculum": "a-path"}
OF_MEMBERS: Sequence[Sample] = (
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
    Sample(
        "members-imported",
        "imported 23 members from a file.",
        about="",
        after={"list": 3, "count": 23},
    ),
    Sample(
        "import-undone",
        "undid an import of members. Reason Wrong file",
        about="",
        after={"list": 3, "reason": "Wrong file"},
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
    Sample("forgot", "ana@union.example erased a member."),
    Sample("note-added", "added a note about Mem Ber."),
    Sample("note-changed", "changed a note about Mem Ber."),
    Sample("note-removed", "removed a note about Mem Ber."),
    Sample("member-merged", "merged another record with that of Mem Ber."),
    Sample(
        "member-email",
        "sent an email to 213 members.",
        after={"email": 4, "state": "sending", "count": 213},
    ),
    Sample("member-email", "went on sending an email.", after={"email": 4, "state": "sending"}),
    Sample(
        "member-email",
        "stopped an email before 1 member got it.",
        after={"email": 4, "state": "stopped", "count": 1},
    ),
    Sample(
        "member-email",
        "sent an email again to 2 members: it had failed.",
        after={"email": 4, "state": "retried", "count": 2},
    ),
    Sample(
        "member-email", "deleted the draft of an email to members.", after={"state": "discarded"}
    ),
    Sample("reminded", "reminded Mem Ber of the milestone “First”.", after=MILESTONE),
)
