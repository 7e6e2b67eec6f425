"""Every page and main form that the page benchmark opens, and the visitor who opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Visitor = Literal["nobody", "member", "chair", "committee", "program"]
FormData = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: a GET, or a POST of a form or of a program's JSON.

    `{n}` in its texts is replaced by a different member's number each time. `about` distinguishes
    visits to the same address.
    """

    visitor: Visitor
    address: str
    form: FormData | None = None
    json: Mapping[str, object] | None = None
    about: str = ""

    @property
    def method(self) -> str:
        return "GET" if self.form is None and self.json is None else "POST"

    @property
    def name(self) -> str:
        about = f" ({self.about})" if self.about else ""
        return f"{self.visitor}: {self.method} {self.address}{about}"


STEP = "/path/member-steward-path/new-member"
SHEET = "/committee/curricula/member-steward-path/new-member.yaml"
PLAN = "/committee/curricula/member-steward-path/plan"
RARE = "milestone=member-steward-path:advanced-steward"
USUAL = "milestone=member-steward-path:new-member"
LISTS = (
    "/committee/members", "/committee/follow-up", "/committee/failed-deliveries",
    "/committee/contact-requests",
    "/committee/quizzes", "/committee/account-questions",
)  # fmt: skip
SHEETS = (
    "/committee/overview.csv", "/committee/signups.csv", "/committee/follow-up.csv",
    "/committee/failed-deliveries/list.csv", "/committee/contact-requests/list.csv",
    "/committee/quizzes/list.csv",
)  # fmt: skip
ADDRESS = {"email": "new{n}@union.example"}
JOIN = ADDRESS | {"first_name": "New", "last_name": "Hire", "region": "north", "language": "en",
                  "consent": "y"}  # fmt: skip
CONTACT = ADDRESS | {"name": "New Hire", "region": "north", "message": "Who is my steward?"}
DETAILS = {"first_name": "Kim", "last_name": "Hire{n}", "language": "en", "region": "north",
           "email": "m35000@union.example"}  # fmt: skip
RECORD = {"number": "N{n}", "email": "n{n}@union.example", "first_name": "A", "last_name": "B",
          "region": "north"}  # fmt: skip


def _open(visitor: Visitor, *addresses: str) -> list[Visit]:
    return [Visit(visitor, address) for address in addresses]


def _committee(visitor: Visitor) -> list[Visit]:
    """The lists: all, by region, and by a milestone that many or few members have reached."""
    chosen = [f"{each}?{few}" for each in LISTS for few in (RARE, USUAL)]
    own = [f"{each}?region=island" for each in LISTS]
    late = [f"{each}?after=50000" for each in LISTS]
    words = ("M0035000", "m{n}@union.example", "ba", "Bavé", "bavé don", "zzz")
    return [
        *_open(visitor, "/committee", "/committee?region=island", f"/committee?{RARE}", *LISTS),
        *_open(visitor, *chosen, *own, *late, f"/committee/members?region=island&{RARE}"),
        *_open(visitor, *SHEETS, "/committee/members/{n}", "/committee/members/{n}/history.csv"),
        *(Visit(visitor, "/committee/members", {"words": each}, about=each) for each in words),
        Visit(
            visitor, "/committee/members", {"words": "ba", "region": "island"}, about="ba, island"
        ),
        Visit(visitor, "/committee/members/list.csv", {"words": "ba"}),
    ]


PUBLIC = _open(
    "nobody", "/", "/welcome", STEP, f"{STEP}/what-a-union-is", f"{STEP}/quiz/union-basics-check",
    "/contact/member-steward-path/new-member", "/contact/thanks", "/signup", "/signup/sent",
    "/signup/done", "/signin", "/signin/sent", "/theme.css", "/language/fr",
    "/api/v1/openapi.json",
)  # fmt: skip
"""Pages that need no query once they have been opened."""
STRANGERS = [
    *_open("nobody", "/signup/never-was", "/signin/never-was", "/healthz", "/readyz", "/metrics"),
    *_open("nobody", "/signin/done"),
    Visit("nobody", f"{STEP}/quiz/union-basics-check", {}),
    Visit("nobody", "/contact/member-steward-path/new-member", CONTACT),
    Visit("nobody", "/signup", JOIN),
    Visit("nobody", "/signin", {"email": "m{n}@union.example"}),
]
MEMBERS = [
    *_open("member", "/", "/me", "/me/data", "/me/data/download", "/me/data/edit"),
    *_open("member", "/me/data/email", "/me/data/erase"),
    Visit("member", "/me/refresh", {}),
    Visit("member", "/me/data/edit", DETAILS),
]
COMMITTEE = [
    *_committee("committee"),
    *_open("committee", "/committee/curricula", SHEET, f"{SHEET}/history", PLAN, f"{PLAN}/state"),
    *_open("committee", "/committee/curricula/member-steward-path/deleted"),
    *_open("committee", "/committee/failed-emails"),
    *_open("committee", "/committee/failed-emails/list.csv", "/committee/audit"),
    *_open("committee", "/committee/audit?action=forgot", "/committee/audit?region=island"),
    *_open("committee", f"/committee/audit?{RARE}"),
    *_open("committee", "/committee/audit?action=looked", "/committee/audit?member=35000"),
    *_open("committee", "/committee/audit?before=50000", "/committee/audit/list.csv"),
    Visit("committee", "/committee/members/{n}/signoff",
          {"requirement": "basic-steward-training", "by_name": "Kim"}),
    Visit("committee", "/committee/members/{n}/role", {"role": "chief-{n}"}),
    Visit("committee", "/committee/failed-deliveries/retry", {}),
    Visit("committee", "/committee/account-questions/answer",
          {"question": "{n}", "answer": "different"}),
    Visit("committee", "/committee/account-questions/withdraw", {"question": "{n}"}),
]  # fmt: skip
PROGRAMS = [
    *_open("program", "/api/v1/status", "/api/v1/awards", "/api/v1/awards?after=150000"),
    *_open("program", "/api/v1/members/{n}/progress", "/api/v1/curricula"),
    Visit("program", "/api/v1/members/lookup", json={"number": "M0035000"}),
    Visit("program", "/api/v1/members", json={"members": [RECORD]}),
]
ALL_VISITS = (*PUBLIC, *STRANGERS, *MEMBERS, *_committee("chair"), *COMMITTEE, *PROGRAMS)
NOT_VISITED = frozenset({
    "static", "bootstrap.static", "theme.logo", "images.show", "curricula.image_list",
    "me.email",
    "curricula.new_curriculum", "curricula.new_milestone", "curricula.file_actions",
    "curricula.version",
    "demo.mailbox",
})  # fmt: skip
"""Routes that are not visited: static files, a link from an email, pages about curriculum files,
and the demo's mailbox."""
