"""Migration 0031 finds out what linked persons were called before in the audit log."""

from __future__ import annotations

import json

import sqlalchemy as sa

from bridge.store.database import open_database
from bridge.store.persons import member_links, records
from tests.store.migrations.test_migrations import migrate_to
from tests.store.sample_members import NOW

MEMBER = (
    "INSERT INTO member (id, number, email, email_key, first_name, last_name, region, language,"
    " source, created_at, updated_at) VALUES (:id, :number, :email, :email, 'A', 'B', '', '',"
    " 'csv', :at, :at)"
)
PERSON = (
    "INSERT INTO person (id, name, name_key, email, email_key, language, proof, proved_at,"
    " member_id, link, source, created_at, updated_at) VALUES (:id, 'A B', 'a b', :email, :email,"
    " '', 'membership', :at, :id, :link, 'self', :at, :at)"
)
LINKED = (
    "INSERT INTO audit (actor, action, member_id, person_id, before, after, at)"
    " VALUES ('chair', 'person-linked', :id, :id, :before, '{}', :at)"
)


def test_a_wrong_link_from_before_gives_back_the_address(url: str) -> None:
    database = open_database(url)
    migrate_to(database, "0030")
    before = json.dumps({"name": "Kim", "email": "Kim@example.org", "member_id": None})
    with database.transaction() as session:
        for number, link in ((1, "committee"), (2, "email")):
            row = {"id": number, "number": f"10{number}", "email": f"m{number}@x.org", "link": link}
            for statement in (MEMBER, PERSON, LINKED):
                values = {**row, "before": before, "at": NOW}
                used = {name: values[name] for name in values if f":{name}" in statement}
                session.execute(sa.text(statement), used)
    database.migrate()
    with database.transaction() as session:
        assert records.lock(session, 2).before_link is None
        assert member_links.unlink(session, 1, (), "chair", NOW) == 1
        kim = records.lock(session, 1)
        assert (kim.name, kim.email, kim.proof) == ("Kim", "Kim@example.org", "")
        assert member_links.unlink(session, 2, (), "chair", NOW) == 2
        assert (records.lock(session, 2).email, kim.link) == ("m2@x.org", "")
    migrate_to(database, "0030")
    with database.reading() as session:
        links = session.scalars(sa.text("SELECT link FROM person ORDER BY id")).all()
    assert list(links) == ["", ""]
    database.close()
