"""Entries about saved filters and reports by email."""

from __future__ import annotations

from collections.abc import Sequence

from tests.web.committee.activity.sample import Sample

FILTER = {"saved": 3, "page": "reports.who_is_where", "shared": False}
OF_SAVED_FILTERS: Sequence[Sample] = (
    Sample(
        "filter-saved",
        "saved a filter of the list “Who is where”. Region North Shared with the committee no",
        about="",
        after={**FILTER, "chosen": {"region": "north"}},
    ),
    Sample(
        "filter-changed",
        "changed a saved filter of the list “Who is where”. Shared with the committee yes "
        "Emailed every month Who gets it a@union.example, b@union.example",
        about="",
        after={
            **FILTER,
            "shared": True,
            "every": "monthly",
            "day": 3,
            "recipients": ["a@union.example", "b@union.example"],
        },
    ),
    Sample(
        "filter-deleted",
        "deleted a saved filter of the list “A page that no longer exists”.",
        about="",
        before={"saved": 3, "page": "no.such_page"},
    ),
    Sample(
        "report-emailed",
        "This site emailed Kim Guest the report “Needs follow-up”.",
        about="person",
        actor="stewardpath",
        after={"saved": 3, "page": "dashboard.follow_up"},
    ),
    Sample(
        "report-stopped",
        "This site stopped the emails with the report “Coverage”. Reason Stopped: nobody can get "
        "it any more",
        about="",
        actor="stewardpath",
        after={"saved": 3, "page": "reports.coverage", "stopped": "nobody"},
    ),
)
