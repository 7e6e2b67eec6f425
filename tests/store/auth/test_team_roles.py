"""Given roles on both databases, and two people who end each other's place."""

from __future__ import annotations

from dataclasses import replace

from bridge.access.team import INVITATION_LIFETIME, Grant
from bridge.config import Config
from bridge.errors import TeamError
from bridge.store.auth import logins, team
from bridge.store.auth.team import TeamRoleRow
from bridge.store.database import Database
from bridge.workflows.team import remove
from tests.store.parallel import WORKERS, run_in_threads
from tests.store.sample_members import NOW

ROW = TeamRoleRow(0, "a@x.example", "Ana", "committee", "", "b@x.example", [], NOW, "", NOW, None)


def test_a_role_is_given_once_and_accepted_once(db: Database) -> None:
    with db.transaction() as session:
        assert team.give(session, ROW)
        assert team.give(session, ROW) is None
        assert team.give(session, replace(ROW, role="chair", region="north"))
        assert team.grants_of(session, ROW.email) == frozenset()
        assert team.may_sign_in(session, "A@x.example", NOW)
        assert not team.may_sign_in(session, ROW.email, NOW + INVITATION_LIFETIME)
        accepted = team.accept(session, "A@x.example", NOW)
        assert {each.role for each in accepted} == {"committee", "chair"}
        assert team.accept(session, ROW.email, NOW) == []
        assert team.grants_of(session, ROW.email) == {Grant("committee"), Grant("chair", "north")}


def test_a_login_knows_the_accepted_roles_in_one_query(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        logins.start(session, "token", ROW.email, None, NOW)
        team.give(session, replace(ROW, accepted_at=NOW))
        team.give(session, replace(ROW, role="chair", region="north", accepted_at=NOW))
        team.give(session, replace(ROW, role="auditor"))
        queries.clear()
        login = logins.find_login(session, "token", NOW)
    assert len(queries) == 1
    assert login is not None
    assert login.grants == {Grant("committee"), Grant("chair", "north")}


def test_of_people_who_remove_each_other_one_stays(db: Database) -> None:
    with db.transaction() as session:
        given = [
            team.give(session, replace(ROW, email=f"{n}@x.example", accepted_at=NOW))
            for n in range(WORKERS)
        ]

    def end_the_next(number: int) -> bool:
        one = given[(number + 1) % WORKERS]
        assert one is not None
        try:
            with db.transaction() as session:
                remove(session, Config(), one, f"{number}@x.example", NOW)
        except TeamError:
            return False
        return True

    assert sum(run_in_threads(end_the_next)) == WORKERS - 1
    with db.reading() as session:
        assert len(team.all_roles(session)) == 1
