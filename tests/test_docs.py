"""Everything that can be used is documented, and everything documented exists."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from urllib.request import Request

import click
import pytest
import yaml
from pydantic import BaseModel

from bridge.cli import stewardpath
from bridge.config import NOT_IN_FILE, SECRETS, Config, _models_in, load
from bridge.curriculum.schema.fields import RECORDS
from bridge.web.common.member_payload import read_members
from bridge.web.webhook.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
ARCHITECTURE_PAGE = (DOCS / "architecture.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (DOCS / "commands.md").read_text(encoding="utf-8")
CURRICULA_PAGE = (DOCS / "curricula.md").read_text(encoding="utf-8")
MOODLE_PAGE = (DOCS / "moodle.md").read_text(encoding="utf-8")
OPERATIONS_PAGE = (DOCS / "operations.md").read_text(encoding="utf-8")
CONFIGURATION_PAGE = (DOCS / "configuration.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "config.example.yaml"
COMMON = {"--config", "--format", "--help"}

Named = tuple[str, click.Command]


def commands(group: click.Group, before: str = "stewardpath") -> Iterator[Named]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


ALL_COMMANDS = list(commands(stewardpath))


def section(name: str) -> str:
    """The section of docs/commands.md about a command."""
    parts = re.split(r"^### ", COMMANDS_PAGE, flags=re.MULTILINE)
    found = [part for part in parts if re.match(rf"`{re.escape(name)}[` ]", part)]
    return found[0] if found else ""


@pytest.mark.parametrize(("name", "command"), ALL_COMMANDS, ids=[n for n, _ in ALL_COMMANDS])
def test_a_command_is_documented_with_its_options_and_an_example(
    name: str, command: click.Command
) -> None:
    text = section(name)
    assert text, f"docs/commands.md has no section “### `{name}`”"
    example = re.search(rf"^    {re.escape(name)}\b", text, re.MULTILINE)
    assert example, f"docs/commands.md: add an indented example to “### `{name}`”"
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            argument = parameter.make_metavar(click.Context(command)).strip("[]")
            assert argument in text, f"docs/commands.md: “### `{name}`” does not name {argument}"
        for option in {*parameter.opts, *parameter.secondary_opts}:
            if option.startswith("--") and option not in COMMON:
                assert f"`{option}" in text, f"docs/commands.md: add `{option}` to “### `{name}`”"


def test_common_options_are_documented() -> None:
    beginning = COMMANDS_PAGE.partition("### ")[0]
    assert all(option in beginning for option in (*COMMON, "-h", "--version", "json"))


def test_every_documented_command_exists() -> None:
    written = re.findall(r"^### `(stewardpath(?: [a-z][a-z-]*)+)", COMMANDS_PAGE, re.MULTILINE)
    unknown = sorted(set(written) - {name for name, _ in ALL_COMMANDS})
    assert not unknown, (
        f"docs/commands.md describes {unknown}: register the command in COMMANDS in "
        "bridge/cli/__init__.py, or delete its section"
    )
    assert len(set(written)) == len(written)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_options_in_docs_exist(page: Path) -> None:
    known = {name for name, _ in ALL_COMMANDS}
    groups = {" ".join(name.split()[:count]) for name in known for count in (2, 3)} - known
    options = {o for _, c in ALL_COMMANDS for p in c.params for o in (*p.opts, *p.secondary_opts)}
    text = page.read_text(encoding="utf-8")
    for line in re.findall(r"(?:^    |`|\$ )(stewardpath [a-z][^`\n]*)", text, re.MULTILINE):
        words = line.split()
        beginnings = {" ".join(words[:count]) for count in range(2, 5)}
        exists = bool(beginnings & known) or " ".join(words) in groups
        assert exists, f"{page.name} names a command that does not exist: {line}"
        used = set(re.findall(r"(?<=\s)--[a-z-]+", line))
        unknown = used - options - COMMON - {"--version"}
        assert not unknown, f"{page.name} names options that do not exist: {unknown} in {line}"


def settings(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every setting as a path; `*` stands for a user-chosen name or an index in a list."""
    for name, field in model.model_fields.items():
        if model is Config and name in NOT_IN_FILE:
            continue
        inner = _models_in(field.annotation)
        several = re.search(r"Mapping|tuple", str(field.annotation)) is not None
        path = before + name + (".*" if several else "")
        if inner:
            yield from settings(inner[0], path + ".")
        else:
            yield path


ALL_SETTINGS = sorted(settings(Config))


def paths_in(value: object, before: str = "") -> Iterator[str]:
    """The paths that a YAML value sets, with every combination of `*` for its parts."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            for name in (str(key), "*"):
                yield from paths_in(inner, f"{before}{name}.")
    elif isinstance(value, list):
        for inner in value:
            yield from paths_in(inner, f"{before}*.")
    else:
        yield before.rstrip(".")


def test_nested_settings_are_found() -> None:
    expected = {"moodle.url", "regions.*.chair.email", "regions.*.contacts.*.phone", "curricula"}
    assert expected | {"union.links.*"} <= set(ALL_SETTINGS)


@pytest.mark.parametrize("path", ALL_SETTINGS)
def test_a_setting_is_in_the_example(path: str) -> None:
    raw = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    assert path in set(paths_in(raw)), f"Add {path} with a comment to config.example.yaml."


def test_the_example_is_a_valid_configuration(tmp_path: Path) -> None:
    copy = tmp_path / "config.yaml"
    copy.write_bytes(EXAMPLE.read_bytes())
    config = load(None, {}, tmp_path)
    assert config.moodle is not None
    assert config.regions["north"].chair is not None
    assert config.database_url == f"sqlite:///{tmp_path}/var/stewardpath.db"


def test_the_example_shows_the_real_defaults() -> None:
    """Settings whose comment names another default are exempt."""
    shown, real = load(EXAMPLE, {}, ROOT), Config()
    for part in ("service", "sync", "sandbox", "database", "files"):
        ours, theirs = getattr(shown, part), getattr(real, part)
        differing = {n for n in type(ours).model_fields if getattr(ours, n) != getattr(theirs, n)}
        assert differing <= {"url"}, part
    assert shown.mail.port == real.mail.port
    assert shown.mail.timeout == real.mail.timeout


@pytest.mark.parametrize("variable", sorted(SECRETS.values()))
def test_a_secret_is_documented(variable: str) -> None:
    assert f"`{variable}`" in CONFIGURATION_PAGE, "Add it to docs/configuration.md."
    assert variable in EXAMPLE.read_text(encoding="utf-8"), "Name it in config.example.yaml."
    assert "_FILE" in CONFIGURATION_PAGE


KEYS = sorted({(record.name, key.name) for record in RECORDS.values() for key in record.keys})


@pytest.mark.parametrize(("record", "key"), KEYS)
def test_a_key_of_the_format_is_documented(record: str, key: str) -> None:
    named = re.search(rf"`{re.escape(key)}:?`", CURRICULA_PAGE)
    assert named, f"docs/curricula.md: add `{key}` to the table about the {record}"
    example = re.search(rf"\b{re.escape(key)}:", CURRICULA_PAGE)
    assert example, f"docs/curricula.md: use `{key}:` of the {record} in an example"


def test_the_capabilities_of_the_role_are_documented() -> None:
    role = ROOT / "bridge/moodle/companion/classes/setup/service_role.php"
    text = role.read_text(encoding="utf-8")
    rights = set(re.findall(r"'([a-z_]+/[a-z_]+(?:/[a-z_]+)*:[a-z]+)'", text))
    assert len(rights) > 20
    assert rights == set(re.findall(r"`([a-z_]+/[a-z_]+(?:/[a-z_]+)*:[a-z]+)`", MOODLE_PAGE))


def test_the_documented_signature_is_correct() -> None:
    found = re.search(r"secret `(\w+)`, the time `(\d+)` and the body `(.+?)`", OPERATIONS_PAGE)
    assert found is not None
    assert f"`{sign(found[1], int(found[2]), found[3].encode())}`" in OPERATIONS_PAGE


def test_the_documented_shell_script_signs_correctly() -> None:
    [script] = re.findall(r"```bash\n(.*?)```", OPERATIONS_PAGE, re.DOTALL)
    secret = {"STEWARDPATH_WEBHOOK_SECRET": "sesame", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["bash", "-euc", "curl() { printf '%s\\n' \"$@\"; }\n" + script],
        env=secret,
        capture_output=True,
        text=True,
        check=True,
    )
    words = done.stdout.splitlines()
    body = words[words.index("--data-binary") + 1]
    assert len(read_members(body.encode(), ()).records) == 1
    headers = dict(w.split(": ", 1) for w in words if w.startswith(("Stewardpath-", "Content-")))
    timestamp, signature = headers[TIMESTAMP_HEADER], headers[SIGNATURE_HEADER]
    assert signature == sign("sesame", int(timestamp), body.encode())


def test_the_documented_python_program_signs_correctly(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Request] = []

    def urlopen(request: Request) -> BytesIO:
        sent.append(request)
        return BytesIO()

    [program] = re.findall(r"```python\n(.*?)```", OPERATIONS_PAGE, re.DOTALL)
    monkeypatch.setenv("STEWARDPATH_WEBHOOK_SECRET", "sesame")
    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    exec(program, {})
    [request] = sent
    assert isinstance(request.data, bytes)
    assert len(read_members(request.data, ()).records) == 1
    timestamp = request.get_header(TIMESTAMP_HEADER.capitalize())
    signature = request.get_header(SIGNATURE_HEADER.capitalize())
    assert signature == sign("sesame", int(timestamp or 0), request.data)


def test_events_and_metrics_of_the_code_are_documented() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "bridge").rglob("*.py"))
    for name in set(re.findall(r'\bevent\(\s*log,\s*"([\w.-]+)"', code)):
        assert f"`{name}`" in OPERATIONS_PAGE, f"docs/operations.md: add the event `{name}`"
    metrics = (ROOT / "bridge/web/common/metrics.py").read_text(encoding="utf-8")
    counted = set(re.findall(r'"stewardpath_(\w+)"', metrics))
    gauges = set(re.findall(r'_(?:gauge|labelled)\(\s*"(\w+)"', metrics))
    assert counted
    assert gauges
    for name in counted | gauges:
        known = f"stewardpath_{name}"
        assert known in OPERATIONS_PAGE, f"docs/operations.md: add the metric {known}"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_have_targets(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target) or target.startswith("https"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name} links to a file that does not exist: {target}"
        exists = not anchor or anchor in anchors(file)
        assert exists, f"{page.name} links to a heading that does not exist: {target}"


@pytest.mark.parametrize("path", re.findall(r"`([\w.<>/]+(?:/|\.py))`", ARCHITECTURE_PAGE))
def test_a_path_in_the_architecture_exists(path: str) -> None:
    pattern = re.sub(r"<\w+>", "*", path)
    top = (
        ROOT if path.split("/")[0] in {"bridge", "docs", "templates", "tests"} else ROOT / "bridge"
    )
    assert list(top.glob(pattern)), path


def test_every_package_is_in_the_architecture() -> None:
    layers = ARCHITECTURE_PAGE.split("```")[1]
    for each in (ROOT / "bridge").iterdir():
        if (each.is_dir() and (each / "__init__.py").exists()) or each.suffix == ".py":
            listed = each.stem == "__init__" or re.search(rf"\b{each.stem}\b", layers)
            assert listed, f"docs/architecture.md: add {each.stem} to the layers"


def test_the_architecture_fits_on_two_screens() -> None:
    lines = len(ARCHITECTURE_PAGE.splitlines())
    assert lines <= 100, f"docs/architecture.md has {lines} lines: move details to another page"


def test_every_decision_is_listed() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    for page in sorted((DOCS / "decisions").glob("*.md")):
        exists = page.name == "README.md" or f"({page.name})" in listed
        assert exists, f"docs/decisions/README.md: link to {page.name}"


def test_email_addresses_are_examples() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.md", "*.yaml", "templates", "curricula", "bridge"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    for file in files or PAGES:
        if file.suffix in (".png", ".php") or not file.is_file():
            continue
        text = file.read_text(encoding="utf-8")
        for domain in re.findall(r"[\w.+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,})\b", text):
            allowed = r"(.+\.)?(example\.(org|com|net)|example|invalid|test)"
            place = f"{file.relative_to(ROOT)}: …@{domain}"
            assert re.fullmatch(allowed, domain), f"{place}: use an address of example.org"
