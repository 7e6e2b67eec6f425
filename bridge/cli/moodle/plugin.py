"""`moodle plugin`."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import click

from bridge.cli.common import config_option, echo, example
from bridge.cli.validate import write_file

COMPANION = Path(__file__).parents[2] / "moodle" / "companion"
TOP = "stewardpath"
"""The zip's only folder; Moodle's installer takes the plugin's name from it."""
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@click.group(epilog=example("stewardpath moodle plugin --output stewardpath.zip"))
def moodle() -> None:
    """Get the companion plugin for Moodle."""


@moodle.command(epilog=example("stewardpath moodle plugin --output local_stewardpath.zip"))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE.zip",
    help="File to write.",
)
@config_option
def plugin(output: Path, config_file: Path | None) -> None:  # noqa: ARG001
    """Write the companion plugin as a zip file for Moodle's plugin installer.

    Install it in Moodle under Site administration > Plugins > Install plugins, then run
    `php local/stewardpath/cli/setup.php` on the Moodle server: it prints the token.
    """
    write_file(output, plugin_zip(COMPANION))
    echo(f"Written: {output}")


def plugin_zip(folder: Path) -> bytes:
    """The plugin as a zip; the same files always give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{TOP}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return buffer.getvalue()
