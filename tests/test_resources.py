"""The folders shipped with Stewardpath are found, and the wheel contains all of them.

What `make setup` installs is locked by hashes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from bridge.errors import ConfigError
from bridge.resources import resource

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGING = PYPROJECT["tool"]["setuptools"]


def test_a_checkout_has_the_folders_next_to_the_package() -> None:
    assert resource("templates") == ROOT / "templates"
    assert (resource("templates") / "mail" / "en" / "learning" / "welcome.txt.j2").is_file()
    assert list(resource("curricula").glob("*/curriculum.yaml"))


def test_an_installed_copy_uses_only_its_own_folders(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "bridge"
    (package.parent / "templates").mkdir(parents=True)
    (package / "_data" / "templates").mkdir(parents=True)
    assert resource("templates", package) == package / "_data" / "templates"


def test_an_incomplete_installation_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Reinstall Stewardpath"):
        resource("curricula", tmp_path / "bridge")


def test_every_package_is_listed_for_the_wheel() -> None:
    found = {
        ".".join(file.parent.relative_to(ROOT).parts) for file in (ROOT / "bridge").rglob("*.py")
    }
    named = {name for name in PACKAGING["packages"] if "._data." not in name}
    assert not found - named, (
        f"Add to [tool.setuptools] packages in pyproject.toml: {found - named}"
    )
    assert not named - found, f"Delete from packages in pyproject.toml: {named - found}"


def test_every_data_file_is_listed_for_the_wheel() -> None:
    missing = {str(file.relative_to(ROOT)) for file in {*_data_files()} - {*_shipped_data()}}
    assert not missing, f"Add to [tool.setuptools.package-data] in pyproject.toml: {missing}"


def _data_files() -> Iterator[Path]:
    for top in ("bridge", "templates", "curricula"):
        for file in (ROOT / top).rglob("*"):
            if file.is_file() and file.suffix != ".py" and "__pycache__" not in file.parts:
                yield file


def _shipped_data() -> Iterator[Path]:
    for package, patterns in PACKAGING["package-data"].items():
        folder = PACKAGING["package-dir"].get(package) or package.replace(".", "/")
        for pattern in patterns:
            yield from (file for file in (ROOT / folder).glob(pattern) if file.is_file())


@pytest.mark.skipif(
    int(version("setuptools").split(".")[0]) < 77,
    reason="building a wheel needs setuptools 77 in the environment",
)
def test_the_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    source = _copy_of_the_source(tmp_path / "source")
    build = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([sys.executable, *build, "--wheel-dir", tmp_path / "wheel", source], check=True)
    (wheel,) = (tmp_path / "wheel").glob("stewardpath-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "installed")
    assert not [name for name in names if name.startswith(("templates", "curricula", "tests"))]
    for wanted in (
        "bridge/_data/templates/mail/en/learning/welcome.txt.j2",
        "bridge/_data/templates/web/public/home.html",
        "bridge/moodle/companion/version.php",
        "bridge/store/migrations/env.py",
        "bridge/web/static/stewardpath.css",
    ):
        assert wanted in names
    assert "True True" in _installed(tmp_path / "installed")


def _copy_of_the_source(target: Path) -> Path:
    """Copy what git would archive, with uncommitted changes, so that the build leaves no files in
    the checkout."""
    target.mkdir()
    tracked = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
    return target


def _installed(folder: Path) -> str:
    """Print the resources of an installed copy, away from the checkout."""
    code = (
        "import sys, bridge.resources as r;"
        "from bridge.curriculum.library.folders import read_all;"
        "own = all(str(r.resource(n)).startswith(sys.argv[1]) for n in ('templates', 'curricula'));"
        "print(own, bool(read_all(r.resource('curricula'))))"
    )
    run = subprocess.run(
        [sys.executable, "-P", "-c", code, folder.resolve()],
        env={"PYTHONPATH": str(folder), "PATH": ""},
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return run.stdout


def test_every_locked_package_has_an_exact_version_and_hashes() -> None:
    lines = (ROOT / "requirements.lock").read_text().replace("\\\n", " ").splitlines()
    locked = r"[\w.\[\]-]+==\S+( +--hash=sha256:[0-9a-f]{64})+"
    assert [line for line in lines if not re.fullmatch(locked, line)] == []


def test_setup_installs_only_what_has_a_locked_hash() -> None:
    """Without the option, pip accepts a package that has no hash."""
    installs = [
        line for line in (ROOT / "Makefile").read_text().splitlines() if "pip install" in line
    ]
    assert [
        line for line in installs if "--require-hashes" not in line and "--no-deps" not in line
    ] == []
    assert any("--require-hashes -r requirements.lock" in line for line in installs)
