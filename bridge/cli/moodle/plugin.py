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
"""Name of the zip's only folder: Moodle's installer takes the plugin's name from it."""
EARLIEST = (1980, 1, 1, 0, 0, 0)


@click.group(epilog=example("stewardpath moodle plugin --output stewardpath.zip"))
def moodle() -> None:
    """Work with the Moodle side: the companion plugin."""


@moodle.command(epilog=example("stewardpath moodle plugin --output local_stewardpath.zip"))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE.zip",
    help="Where to write it.",
)
@config_option
def plugin(output: Path, config_file: Path | None) -> None:  # noqa: ARG001
    """Write the companion plugin as the zip that Moodle's plugin installer takes.

    Install it in Moodle under Site administration > Plugins > Install plugins, then run
    `php local/stewardpath/cli/setup.php` on the Moodle server: it prints the token.
    """
    write_file(output, plugin_zip(COMPANION))
    echo(f"Written: {output}")


def plugin_zip(folder: Path) -> bytes:
    """The plugin as a zip; the same files make the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{TOP}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return buffer.getvalue()
