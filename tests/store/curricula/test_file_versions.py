"""Versions of curriculum files."""

from __future__ import annotations

from bridge.store.curricula import file_versions
from bridge.store.database import Database
from tests.store.sample_members import NOW


def test_versions_are_listed_newest_first(db: Database) -> None:
    with db.transaction() as session:
        one, two, _ = (
            file_versions.save_version(session, "path", file, f"{file} {at}", "note", "me", NOW)
            for at, file in enumerate(("a.yaml", "a.yaml", "b.yaml"))
        )
        assert [each.id for each in file_versions.versions_of(session, "path", "a.yaml")] == [
            two,
            one,
        ]
        before = file_versions.versions_of(session, "path", "a.yaml", before=two)
        assert [each.id for each in before] == [one]
        found = file_versions.find_version(session, one)
        assert found is not None
        assert found.text == "a.yaml 0"
        assert file_versions.find_version(session, 999) is None
