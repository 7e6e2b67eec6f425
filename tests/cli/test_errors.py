"""Every error is a readable message, without a traceback or a secret."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bridge.moodle.sandbox.server import serve_sandbox
from tests.cli.command_runner import COMMAND, SECRETS, Folder, environment

from .conftest import write_sample_folder

TALKS_TO_MOODLE = ["plan", "apply", "pull", "deliver"]
USES_THE_DATABASE = [["status"], ["members", "show", "1"], ["apply"], ["pull"], ["serve"]]


def moodle_at(folder: Folder, url: str) -> None:
    file = folder.path / "config.yaml"
    folder.write("config.yaml", f"{file.read_text()}moodle: {{url: '{url}'}}\n")


@pytest.fixture
def connected(folder: Folder) -> Folder:
    """All secrets are set."""
    folder.secrets = SECRETS
    return folder


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("curiccula: x", "`curiccula`: unknown setting. Did you mean `curricula`?"),
        ("moodle: {url: nonsense}", "`moodle.url`: is not a web address"),
        ("moodle: {url: 'https://m.example.org', token: x}", "STEWARDPATH_MOODLE_TOKEN"),
        ("service: {port: 99999}", "`service.port`"),
        ("regions: {n: {}}", "`regions.n.name`: this required setting is missing."),
        ("a: [", "config.yaml:1:5: is not valid YAML"),
        ("- a\n- b", "must contain settings"),
        ("database: {url: 'mysql://x'}", "sqlite:///path/to/file.db"),
        ("curricula: nowhere", "there is no curriculum in"),
    ],
)
def test_an_invalid_configuration(folder: Folder, text: str, message: str) -> None:
    folder.write("config.yaml", text)
    command = "status" if "database" in text else "plan"
    assert message in folder.run(command, code=1).err


def test_a_missing_configuration(folder: Folder) -> None:
    ran = folder.run("status", "--config", "other.yaml", code=1)
    assert "other.yaml: cannot be read" in ran.err


def test_a_secret_set_twice_or_in_a_missing_file(folder: Folder) -> None:
    name = "STEWARDPATH_MOODLE_TOKEN"
    assert "both set" in folder.run("status", code=1, **{name: "x", f"{name}_FILE": "y"}).err
    assert "cannot be read" in folder.run("status", code=1, **{f"{name}_FILE": "/no/file"}).err


@pytest.mark.parametrize("command", TALKS_TO_MOODLE)
def test_no_token(folder: Folder, command: str) -> None:
    moodle_at(folder, "http://127.0.0.1:1")
    assert "Set STEWARDPATH_MOODLE_TOKEN" in folder.run(command, code=1).err


@pytest.mark.parametrize("command", ["plan", "apply", "pull"])
def test_moodle_does_not_answer(
    connected: Folder, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    moodle_at(connected, "http://127.0.0.1:1")
    assert "127.0.0.1:1" in connected.run(command, code=1).err


def test_a_wrong_token(connected: Folder, tmp_path: Path) -> None:
    with serve_sandbox(tmp_path / "moodle.db") as url:
        moodle_at(connected, url)
        for command in ("plan", "pull", "doctor"):
            ran = connected.run(command, code=1)
            assert "token" in ran.out + ran.err


class Page(BaseHTTPRequestHandler):
    """A web server that isn't Moodle."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Welcome</html>")

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def other_server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_server_that_is_not_moodle(
    connected: Folder, other_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    moodle_at(connected, other_server)
    assert "rror: " in connected.run("plan", code=1).err


@pytest.mark.parametrize("words", USES_THE_DATABASE, ids=" ".join)
def test_the_database_cannot_be_written(folder: Folder, words: list[str]) -> None:
    folder.write("file", "")
    text = (folder.path / "config.yaml").read_text()
    folder.write("config.yaml", text + "database: {url: 'sqlite:///file/x.db'}\n")
    ran = folder.run(*words, code=1)
    assert "`database.url`" in ran.err


def test_a_database_file_that_is_not_a_database(folder: Folder) -> None:
    folder.write("var/stewardpath.db", "This is a text, not a database. " * 100)
    assert "stewardpath.db" in folder.run("status", code=1).err


def test_the_password_of_a_database_is_not_shown(folder: Folder) -> None:
    address = "postgresql://me:sesame-open@127.0.0.1:1/path"
    for words in (["status"], ["doctor"]):
        ran = folder.run(*words, code=1, STEWARDPATH_DATABASE_URL=address)
        assert "sesame" not in ran.out + ran.err


def test_the_sandbox_cannot_save_its_state(folder: Folder) -> None:
    folder.write("var", "a file where a folder should be")
    assert "`sandbox.state`" in folder.run("plan", code=1).err


def test_malformed_curricula_stop_the_commands_that_need_them(folder: Folder) -> None:
    folder.write("curricula/small/first.yaml", "milestone: [\n")
    for command in ("plan", "apply", "pull", "deliver", "serve", "preview", "demo"):
        ran = folder.run(command, code=1)
        assert "first.yaml:" in ran.err, command


def test_a_closed_pipe_is_not_an_error(tmp_path: Path) -> None:
    folder = write_sample_folder(tmp_path)
    folder.write("script.sh", f"set -o pipefail; '{COMMAND}' schema | head -c 1 > /dev/null")
    done = subprocess.run(
        ["bash", "script.sh"], cwd=tmp_path, env=environment({}, {}), capture_output=True
    )
    assert done.stderr == b""
    assert done.returncode in (0, 1)


def test_a_terminal_that_cannot_show_every_character(folder: Folder) -> None:
    ran = folder.process("plan", PYTHONIOENCODING="latin-1")
    assert "+ course" in ran.out
    assert "? curricula" in folder.process("doctor", PYTHONIOENCODING="latin-1").out


def test_an_unexpected_error_gives_a_message_too(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def explode(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError("with a secret in it")

    monkeypatch.setattr("bridge.store.members.queries.count_members", explode)
    with pytest.raises(AssertionError, match="something unexpected") as ran:
        folder.run("status", code=1)
    assert "ZeroDivisionError in bridge.cli.service.status:" in str(ran.value)
    assert "with a secret in it" not in str(ran.value)
