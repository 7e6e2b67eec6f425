"""The mailer that writes files, and which mailer is chosen."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from bridge.config import Config, MailSettings
from bridge.errors import MailError
from bridge.mail import FolderMailer, SmtpMailer, open_mailer
from tests.mail.sample_messages import composed


def test_the_same_email_twice_is_one_file(tmp_path: Path) -> None:
    config = Config(home=tmp_path, mail=MailSettings(folder=Path("out")))
    for _ in range(2):
        with open_mailer(config) as mailer:
            mailer.send(message_from_bytes(composed(), policy=default))
    files = list((tmp_path / "out").iterdir())
    assert [file.name for file in files] == ["delivery-7@union.example.eml"]
    assert b"Subject: A subject" in files[0].read_bytes()


def test_a_folder_that_cannot_be_written_is_retried(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file stands where the folder should")
    with pytest.raises(MailError, match=r"mail\.folder") as caught:
        FolderMailer(tmp_path / "out").send(message_from_bytes(composed(), policy=default))
    assert caught.value.again


def test_a_failed_write_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bridge.mail.mailers.os.replace", full)
    with pytest.raises(MailError, match="No space"):
        FolderMailer(tmp_path).send(message_from_bytes(composed(), policy=default))
    assert list(tmp_path.iterdir()) == []


def test_emails_go_by_smtp_if_a_host_is_set() -> None:
    config = Config(mail=MailSettings(host="mail.union.example"))
    with open_mailer(config) as mailer:
        assert isinstance(mailer, SmtpMailer)
