"""`moodle plugin`."""

from __future__ import annotations

from zipfile import ZipFile

from tests.cli.command_runner import Folder


def test_the_zip_has_the_plugin_and_is_reproducible(empty: Folder) -> None:
    for name in ("one.zip", "two/two.zip"):
        assert name in empty.run("moodle", "plugin", "--output", name).out
    one, two = (empty.path / name for name in ("one.zip", "two/two.zip"))
    assert one.read_bytes() == two.read_bytes()
    names = ZipFile(one).namelist()
    assert {name.partition("/")[0] for name in names} == {"stewardpath"}
    needed = {"version.php", "db/services.php", "lang/en/local_stewardpath.php", "cli/setup.php"}
    assert {f"stewardpath/{name}" for name in needed} <= set(names)
    assert not [name for name in names if "/." in name or name.endswith((".pyc", "~"))]


def test_the_output_file_is_required(empty: Folder) -> None:
    assert "--output" in empty.run("moodle", "plugin", code=2).err


def test_a_file_that_cannot_be_written(empty: Folder) -> None:
    empty.write("file", "")
    assert "cannot be written" in empty.run("moodle", "plugin", "--output", "file/x", code=1).err
