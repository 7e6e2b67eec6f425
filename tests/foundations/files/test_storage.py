"""Files and their rows: stored, read, limited, attached, expired, erased and checked."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bridge.access.form_readers import file_purpose
from bridge.errors import MemberError
from bridge.foundations.files import rows
from bridge.foundations.files.checks import check_files
from bridge.foundations.files.disk import FileFolder, FoundFile
from bridge.foundations.files.file_types import FileRefused, FileStorageError, FileType
from bridge.foundations.files.rows import UNATTACHED_RETENTION, WRITING_TIMEOUT
from bridge.foundations.files.storage import ORPHAN_RETENTION, UPLOAD_TIMEOUT, Files
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.owners import Owner
from bridge.privacy import erase_member, export_member
from bridge.store.database import Database, open_database
from bridge.store.tables.operations import AuditEntry
from tests.foundations.files.conftest import QUOTA_BYTES
from tests.store.parallel import run_in_threads
from tests.store.sample_members import LATER, NOW

CONTENT = b"%PDF-1.7 of Anna"
Store = Callable[..., int]


@pytest.fixture
def store(files: Files, two_members: list[int]) -> Store:
    """Stores a file of the first member."""

    def one(content: bytes = CONTENT, member: int = 0, name: str = "cv.pdf") -> int:
        return files.store(
            content, FileType.PDF, name, owner=Owner(two_members[member]), purpose=file_purpose(""),
            now=NOW,
        )  # fmt: skip

    return one


def find(db: Database, file_id: int, now: datetime = NOW) -> rows.FileData | None:
    with db.reading() as session:
        return rows.find_file(session, file_id, now)


def on_disk(folder: FileFolder) -> list[Path]:
    return [path for path in folder.path.rglob("*") if path.is_file()]


def count_rows(db: Database) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(StoredFile)) or 0


def test_a_stored_file_is_read_unchanged(db: Database, files: Files, store: Store) -> None:
    file = find(db, store())
    assert file is not None
    assert (file.name, file.type, file.size) == ("cv.pdf", "pdf", len(CONTENT))
    assert files.read(file) == CONTENT
    with db.reading() as session:
        [line] = session.scalars(select(AuditEntry).where(AuditEntry.action == "file-stored"))
        assert line.after == {"file": file.id, "purpose": "form", "name": "cv.pdf"}


def test_only_the_service_can_read_the_folder(folder: FileFolder, store: Store) -> None:
    store(name="secret-name.pdf")
    [path] = on_disk(folder)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert "secret" not in str(path)


def test_a_file_of_no_member_is_an_error(files: Files, folder: FileFolder) -> None:
    with pytest.raises(MemberError):
        files.store(CONTENT, FileType.PDF, "a", owner=Owner(99), purpose=file_purpose(""), now=NOW)
    assert on_disk(folder) == []


def test_the_quota_is_per_member(folder: FileFolder, store: Store) -> None:
    store(b"a" * QUOTA_BYTES)
    with pytest.raises(FileRefused, match="take more than") as refused:
        store(b"b")
    assert "Remove one" in refused.value.todo
    store(b"c", member=1)
    assert len(on_disk(folder)) == 2


def test_concurrent_uploads_do_not_exceed_the_quota(db: Database, store: Store) -> None:
    def work(number: int) -> int:
        stored = 0
        for _ in range(5):
            try:
                store(b"a" * 300)
                stored += 1
            except FileRefused:
                pass
        return stored

    assert sum(run_in_threads(work)) == 3
    with db.reading() as session:
        assert rows.used_bytes(session, Owner(1)) == 900


def test_a_removed_file_leaves_room(db: Database, folder: FileFolder, store: Store) -> None:
    first = store(b"a" * QUOTA_BYTES)
    with db.transaction() as session:
        rows.remove(session, [first])
    assert find(db, first) is None
    store(b"b" * QUOTA_BYTES)


def test_a_file_that_is_not_attached_is_deleted_after_a_day(
    db: Database, files: Files, folder: FileFolder, store: Store
) -> None:
    file = store()
    assert files.delete_due(NOW + UNATTACHED_RETENTION - timedelta(seconds=1)) == 0
    assert find(db, file, NOW + UNATTACHED_RETENTION) is None
    assert files.delete_due(NOW + UNATTACHED_RETENTION) == 1
    assert on_disk(folder) == []
    assert count_rows(db) == 0


def test_an_attached_file_is_kept_as_long_as_its_feature_says(
    db: Database, files: Files, store: Store, two_members: list[int]
) -> None:
    file, year = store(), NOW + timedelta(days=365)
    with db.transaction() as session:
        anna, ben = map(Owner, two_members)
        mine = (file, anna, "form")
        assert not rows.attach(session, file, ben, "form", "x:1", year, NOW)
        assert not rows.attach(session, file, anna, "other", "x:1", year, NOW)
        assert not rows.attach(session, *mine, "x:1", year, NOW + UNATTACHED_RETENTION)
        assert rows.attach(session, *mine, "x:1", year, NOW)
    found = find(db, file, year - timedelta(seconds=1))
    assert found is not None
    assert found.subject == "x:1"
    assert find(db, file, year) is None
    with db.transaction() as session:
        assert rows.attach(session, *mine, "x:1", None, NOW)
    assert files.delete_due(year) == 0


def test_an_erased_member_leaves_no_file(
    db: Database, files: Files, folder: FileFolder, store: Store, two_members: list[int]
) -> None:
    file, other = store(), store(member=1)
    with db.reading() as session:
        [exported] = export_member(session, two_members[0])["stored_file"]  # type: ignore[misc]
    assert exported["name"] == "cv.pdf"
    assert "disk_name" not in exported
    with db.transaction() as session:
        erase_member(session, two_members[0], "chair", LATER)
    assert find(db, file) is None
    assert files.delete_due(NOW) == 1
    assert len(on_disk(folder)) == count_rows(db) == 1
    assert find(db, other) is not None


@pytest.mark.parametrize("cleaned", [True, False])
def test_a_member_erased_during_an_upload(
    cleaned: bool, db: Database, files: Files, folder: FileFolder, store: Store,
    two_members: list[int], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    write = folder.write

    def write_late(name: str, content: bytes) -> None:
        with db.transaction() as session:
            erase_member(session, two_members[0], "chair", NOW)
        if cleaned:
            files.delete_due(NOW)
        write(name, content)

    monkeypatch.setattr(folder, "write", write_late)
    with pytest.raises(FileStorageError, match="was deleted"):
        store()
    assert on_disk(folder) == []
    files.delete_due(NOW)
    assert count_rows(db) == 0


def test_a_folder_that_cannot_be_written(
    db: Database, files: Files, folder: FileFolder, store: Store
) -> None:
    folder.path.parent.mkdir(exist_ok=True)
    folder.path.write_text("a file, not a folder")
    with pytest.raises(FileStorageError, match=r"can't be used.*files\.folder"):
        store(b"a" * QUOTA_BYTES)
    folder.path.unlink()
    store(b"b" * QUOTA_BYTES)
    assert files.delete_due(NOW) == 1


@pytest.mark.parametrize("damage", [os.unlink, lambda path: path.write_bytes(b"%PDF-1.7 of Ben!")])
def test_a_missing_or_damaged_file_is_never_read(
    db: Database, files: Files, folder: FileFolder, store: Store, damage: Callable[[Path], object]
) -> None:
    file = find(db, store())
    assert file is not None
    [path] = on_disk(folder)
    damage(path)
    with pytest.raises(FileStorageError, match=r"missing|damaged"):
        files.read(file)
    report = check_files(db, files, NOW)
    assert report.problems.keys() == {file.id}
    assert report.files == 1


def test_what_a_crash_leaves_is_deleted(db: Database, files: Files, store: Store) -> None:
    store()
    with db.transaction() as session:
        session.execute(StoredFile.__table__.update().values(state="writing"))  # type: ignore[attr-defined]
    assert files.delete_due(NOW + WRITING_TIMEOUT) == 0
    assert files.delete_due(NOW + WRITING_TIMEOUT + timedelta(seconds=1)) == 1


def touch(path: Path, at: datetime) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


@pytest.mark.parametrize("place", ["ab/ab12", "incoming/ab12"])
def test_a_file_without_a_row_is_set_aside_and_later_deleted(
    db: Database, files: Files, folder: FileFolder, store: Store, place: str
) -> None:
    store()
    orphan = touch(folder.path / place, NOW)
    assert files.sweep(NOW + UPLOAD_TIMEOUT) == 0
    assert orphan.exists()
    aside = NOW + timedelta(days=400)
    assert files.sweep(aside) == 0
    assert not orphan.exists()
    assert files.orphans() == [FoundFile("ab12", aside, set_aside=True)]
    assert check_files(db, files, NOW).orphans == ["ab12"]
    assert files.sweep(aside + ORPHAN_RETENTION) == 0
    assert files.sweep(aside + ORPHAN_RETENTION + timedelta(seconds=1)) == 1
    assert len(on_disk(folder)) == 1


def test_files_are_safe_from_the_wrong_database(
    db: Database, files: Files, folder: FileFolder, store: Store, tmp_path: Path,
    sqlite_template: Path,
) -> None:  # fmt: skip
    """A service that was started with an empty database deletes nothing for a month."""
    file = find(db, store())
    assert file is not None
    touch(on_disk(folder)[0], NOW).write_bytes(CONTENT)
    (tmp_path / "empty.db").write_bytes(sqlite_template.read_bytes())
    wrong = open_database(f"sqlite:///{tmp_path}/empty.db")
    year = NOW + timedelta(days=365)
    assert Files(wrong, folder, 1).sweep(year) == 0
    wrong.close()
    assert files.read(file) == CONTENT
    assert check_files(db, files, NOW).problems == {}
    assert files.sweep(year + ORPHAN_RETENTION * 2) == 0
    assert files.orphans() == []
    assert files.read(file) == CONTENT


def test_many_files_are_checked_and_deleted_in_batches(
    db: Database, files: Files, folder: FileFolder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("storage", "checks"):
        monkeypatch.setattr(f"bridge.foundations.files.{module}.BATCH_SIZE", 2)
    for _ in range(5):
        store(b"a")
    report = check_files(db, files, datetime(2026, 3, 1, tzinfo=UTC))
    assert (report.files, report.size, report.problems, report.orphans) == (5, 5, {}, [])
    assert files.delete_due(NOW + UNATTACHED_RETENTION) == 5
    assert on_disk(folder) == []
