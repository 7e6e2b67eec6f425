"""Every page and main form, and who opens it, beside the members of `union`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Who = Literal["nobody", "member", "chair", "committee", "program"]
Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: a GET, or a POST of a form or of a program's JSON.

    `{n}` in its texts is another member's number each time; `about` tells apart what has the
    same address.
    """

    who: Who
    address: str
    form: Said | None = None
    json: Mapping[str, object] | None = None
    about: str = ""

    @property
    def method(self) -> str:
        return "GET" if self.form is None and self.json is None else "POST"

    @property
    def name(self) -> str:
        said = f" ({self.about})" if self.about else ""
        return f"{self.actor}: {self.method} {self.address}{said}"


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


def _open(who: Who, *addresses: str) -> list[Visit]:
    return [Visit(who, address) for address in addresses]


def _committee(who: Who) -> list[Visit]:
    """The lists, by region and by milestones that many and few have reached."""
    chosen = [f"{each}?{few}" for each in LISTS for few in (RARE, USUAL)]
    own = [f"{each}?region=island" for each in LISTS]
    late = [f"{each}?after=50000" for each in LISTS]
    words = ("M0035000", "m{n}@union.example", "ba", "Bavé", "bavé don", "zzz")
    return [
        *_open(who, "/committee", "/committee?region=island", f"/committee?{RARE}", *LISTS),
        *_open(who, *chosen, *own, *late, f"/committee/members?region=island&{RARE}"),
        *_open(who, *SHEETS, "/committee/members/{n}", "/committee/members/{n}/history.csv"),
        *(Visit(who, "/committee/members", {"words": each}, about=each) for each in words),
        Visit(who, "/committee/members", {"words": "ba", "region": "island"}, about="ba, island"),
        Visit(who, "/committee/members/list.csv", {"words": "ba"}),
    ]


PUBLIC = _open(
    "nobody", "/", "/welcome", STEP, f"{STEP}/what-a-union-is", f"{STEP}/quiz/union-basics-check",
    "/contact/member-steward-path/new-member", "/contact/thanks", "/join", "/join/sent",
    "/join/done", "/signin", "/signin/sent", "/theme.css", "/language/fr",
    "/api/v1/openapi.json",
)  # fmt: skip
"""Pages that need no query once they have been opened."""
STRANGERS = [
    *_open("nobody", "/join/never-was", "/signin/never-was", "/healthz", "/readyz", "/metrics"),
    *_open("nobody", "/signin/done"),
    Visit("nobody", f"{STEP}/quiz/union-basics-check", {}),
    Visit("nobody", "/contact/member-steward-path/new-member", CONTACT),
    Visit("nobody", "/join", JOIN),
    Visit("nobody", "/signin", {"email": "m{n}@union.example"}),
]
MEMBERS = [
    *_open("member", "/", "/me", "/me/data", "/me/data/download", "/me/data/correct"),
    *_open("member", "/me/data/address", "/me/data/leave"),
    Visit("member", "/me/check", {}),
    Visit("member", "/me/data/correct", DETAILS),
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
EVERY = (*PUBLIC, *STRANGERS, *MEMBERS, *_committee("chair"), *COMMITTEE, *PROGRAMS)
ELSEWHERE = frozenset({
    "static", "bootstrap.static", "theme.picture",
    "me.address",
    "curricula.new_curriculum", "curricula.new_milestone", "curricula.file_actions",
    "curricula.version",
    "demo.mail",
})  # fmt: skip
"""What is not visited: files, a link that a mail has to bring, pages about files of curricula,
and the demo's own page."""
