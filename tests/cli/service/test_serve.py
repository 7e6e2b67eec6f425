"""`serve` and `preview`: start, health, jobs, several processes, shutdown."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import yaml

from bridge.web.webhook.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from tests.cli.command_runner import SECRETS, Folder, free_port, get
from tests.support.waiting import HANG_SECONDS, wait_until

JOBS = ("pull", "drift", "reconcile")


def address(folder: Folder, part: str = "service") -> str:
    read = yaml.safe_load((folder.path / "config.yaml").read_text())
    return f"http://127.0.0.1:{read[part]['port']}"


def second_config(folder: Folder) -> Path:
    """A second configuration for the same database and sandbox, on another port."""
    text = (folder.path / "config.yaml").read_text()
    other = re.sub(r"service: \{port: \d+", f"service: {{port: {free_port()}", text)
    moodle = f"moodle: {{url: '{address(folder, 'sandbox')}'}}\n"
    return folder.write("beside.yaml", other + moodle)


def runs(folder: Folder) -> list[tuple[str, str, str | None, str]]:
    """Kind, start, end and process of every run."""
    with closing(sqlite3.connect(folder.path / "var/stewardpath.db", timeout=HANG_SECONDS)) as db:
        rows = db.execute("SELECT kind, started_at, finished_at, owner FROM run ORDER BY id")
        return list(rows.fetchall())


def send(folder: Folder, secret: str) -> int:
    body = {"number": "7", "email": "kim@example.org", "first_name": "Kim", "last_name": "Doe"}
    sent, now = json.dumps({"members": [body]}).encode(), int(time.time())
    headers = {"Content-Type": "application/json", TIMESTAMP_HEADER: str(now)}
    headers[SIGNATURE_HEADER] = sign(secret, now, sent)
    request = urllib.request.Request(f"{address(folder)}/hooks/members", sent, headers)
    with urllib.request.urlopen(request, timeout=HANG_SECONDS) as answer:
        status: int = answer.status
        return status


def test_it_starts_works_and_stops(folder: Folder) -> None:
    folder.secrets = {k: v for k, v in SECRETS.items() if "MOODLE" not in k}
    folder.run("apply")
    with folder.serving("serve"):
        assert get(f"{address(folder)}/healthz") == (200, "ok\n")
        assert "A Small Path" in get(f"{address(folder)}/")[1]
        assert send(folder, SECRETS["STEWARDPATH_WEBHOOK_SECRET"]) == 202
        wait_until(lambda: get(f"{address(folder)}/jobsz")[0] == 200)
        wait_until(
            lambda: (
                'deliveries{kind="enrol",state="done"} 1' in get(f"{address(folder)}/metrics")[1]
            )
        )
        assert get(f"{address(folder, 'sandbox')}/")[0] == 200
    assert runs(folder)[-1][2] is not None


def test_the_log_has_one_json_line_per_event_and_no_personal_data(folder: Folder) -> None:
    folder.run("apply")
    folder.run("members", "add", "--number", "7", "--email", "kim@example.org",
               "--first-name", "Kimberly", "--last-name", "Doe")  # fmt: skip
    with folder.serving("serve", expect=None) as process:
        wait_until(lambda: 'enrol",state="done"} 1' in get(f"{address(folder)}/metrics")[1])
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 0
    events = [json.loads(line) for line in err.splitlines()]
    assert {"delivery", "deliver"} <= {event["event"] for event in events}
    assert "kim" not in err.lower()
    assert "Stopping." in out


def test_it_stops_despite_an_open_connection(folder: Folder) -> None:
    with folder.serving("serve", "--no-jobs") as process:
        get(f"{address(folder)}/healthz")
        with closing(socket_to(address(folder))) as held:
            held.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            held.recv(100)
            process.terminate()
            assert process.wait(timeout=HANG_SECONDS) == 0


def socket_to(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=HANG_SECONDS)


def test_two_processes_never_run_a_job_at_the_same_time(folder: Folder) -> None:
    folder.run("apply")
    other = Folder(folder.path, {"STEWARDPATH_MOODLE_TOKEN": "sandbox"})
    config = second_config(folder)
    with folder.serving("serve"):
        get(f"{address(folder)}/healthz")
        with other.serving("serve", "--config", config.name):
            wait_until(lambda: sum(kind == "pull" for kind, *_ in runs(folder)) >= 6)
    for job in JOBS:
        ends = ""
        for kind, started, finished, _ in runs(folder):
            if kind == job:
                assert started >= ends, job
                assert finished, job
                ends = finished


def test_a_killed_service_continues_after_a_restart(folder: Folder) -> None:
    folder.run("apply")
    folder.write(
        "members.csv",
        "number,email,first_name,last_name\n"
        + "".join(f"{n},m{n}@example.org,Ann,Example\n" for n in range(1, 21)),
    )
    folder.run("members", "import", "members.csv")
    with folder.serving("serve", expect=None) as process:
        wait_until(lambda: count_done(folder, "account") > 0)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=HANG_SECONDS)
    expire_leases(folder)
    with folder.serving("serve"):
        wait_until(lambda: count_done(folder, "welcome") == count_done(folder, "enrol") == 20)
    assert len(list((folder.path / "var/mail").glob("*.eml"))) == 20


def count_done(folder: Folder, kind: str) -> int:
    with closing(sqlite3.connect(folder.path / "var/stewardpath.db", timeout=HANG_SECONDS)) as db:
        query = "SELECT count(*) FROM delivery WHERE kind = ? AND state = 'done'"
        return int(db.execute(query, [kind]).fetchone()[0])


def expire_leases(folder: Folder) -> None:
    """Expire the leases and locks of the killed process."""
    with (
        closing(sqlite3.connect(folder.path / "var/stewardpath.db", timeout=HANG_SECONDS)) as db,
        db,
    ):
        db.execute("UPDATE delivery SET lease_until = created_at WHERE lease_until IS NOT NULL")
        db.execute("DELETE FROM lock")


def test_a_port_in_use(folder: Folder) -> None:
    with folder.serving("serve", "--no-jobs"):
        get(f"{address(folder)}/healthz")
        assert "set `sandbox.port`" in folder.run("serve", code=1).err
        other = Folder(folder.path, {"STEWARDPATH_MOODLE_TOKEN": "sandbox"})
        text = (folder.path / "config.yaml").read_text()
        folder.write("same.yaml", text + f"moodle: {{url: '{address(folder, 'sandbox')}'}}\n")
        assert "set `service.port`" in other.run("serve", "--config", "same.yaml", code=1).err
        port = address(folder).rpartition(":")[2]
        assert "cannot listen" in folder.run("preview", "--port", port, code=1).err


def test_the_preview(folder: Folder) -> None:
    with folder.serving("preview", "--port", "0") as process:
        url = re.search(r"http://\S+", first_line(process))
        assert url is not None
        assert "First Step" in get(url[0])[1]
        emails = url[0].removesuffix("/preview") + "/emails"
        assert "Étape franchie" in get(emails)[1]
        assert "Bonjour Kim" in get(f"{emails}/fr/welcome-small.txt")[1]
        assert "Hello Kim" in get(f"{emails}/en/welcome-small.html")[1]
    assert not (folder.path / "var").exists()
    assert "0<=x<=65535" in folder.run("preview", "--port", "70000", code=2).err


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_a_restart_with_an_invalid_curriculum_uses_the_last_valid_version(folder: Folder) -> None:
    with folder.serving("serve", "--no-jobs"):
        get(f"{address(folder)}/healthz")
    file = folder.path / "curricula/small/curriculum.yaml"
    file.write_text("title: [", encoding="utf-8")
    with folder.serving("serve", "--no-jobs"):
        status, text = get(f"{address(folder)}/readyz")
        assert status == 200
        assert "last valid version" in text
    assert "has errors" in folder.run("status").out
    assert "curriculum.yaml" in folder.run("apply", code=1).err


def test_a_service_that_is_stopped_while_it_starts_exits_with_0(folder: Folder) -> None:
    """The signal comes while the configuration is read, before the service waits for signals."""
    config = folder.path / "late.yaml"
    os.mkfifo(config)
    with folder.serving("serve", "--config", config.name) as process:
        descriptor = os.open(config, os.O_WRONLY)  # returns when the process opens it to read
        try:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=HANG_SECONDS) == 0
        finally:
            os.close(descriptor)
