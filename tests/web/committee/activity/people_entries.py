"""Entries about people, forms, sessions and roles in Stewardpath."""

from __future__ import annotations

from collections.abc import Sequence

from tests.web.committee.activity.sample import Sample

OF_PEOPLE: Sequence[Sample] = (
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
