"""`files`: the files that people uploaded."""

from __future__ import annotations

import click

from bridge.cli.common import (
    configured,
    counted,
    database,
    echo,
    example,
    failed,
    format_option,
    now,
    show_json,
)
from bridge.config import Config


@click.group(epilog=example("stewardpath files check"))
def files() -> None:
    """Check the files that people uploaded."""


@files.command(epilog=example("stewardpath files check", "stewardpath files check --clean"))
@click.option(
    "--clean",
    is_flag=True,
    help="First delete what is expired, erased, or was set aside for 30 days.",
)
@format_option
@configured
def check(config: Config, clean: bool, form: str) -> None:
    """Compare every file with its checksum, and list missing, damaged and leftover files.

    The service cleans up by itself. Exit code 1 if a file is missing or damaged.
    """
    from bridge.foundations.files.checks import check_files
    from bridge.foundations.files.storage import open_files
    from bridge.jobs.file_cleanup import run_file_cleanup

    with database(config) as store:
        cleaned = run_file_cleanup(store, config, now()) if clean else {}
        report = check_files(store, open_files(config, store), now())
    if form == "json":
        problems = [{"file": file, "problem": what} for file, what in report.problems.items()]
        data = {"files": report.files, "bytes": report.size, "problems": problems}
        show_json({**data, "orphans": report.orphans, "cleaned": cleaned})
    else:
        if cleaned:
            echo(f"Deleted: {cleaned['deleted']}, and {cleaned['orphans']} without a row.")
        echo(f"{counted(report.files, 'file')}, {report.size / 1024**2:.1f} MB.")
        for file, what in report.problems.items():
            echo(f"  file {file}: {what}")
        if report.problems:
            echo("Restore these from a backup of `files.folder`.")
        if report.orphans:
            echo(f"{counted(len(report.orphans), 'file')} without a row:")
        for name in report.orphans:
            echo(f"  {name}")
    if report.problems:
        failed()
