"""`validate` and `schema`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    LAST_VALID_CURRICULA,
    configured,
    counted,
    echo,
    example,
    failed,
    format_option,
    print_note,
    show_json,
)
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.curriculum.model import Curriculum
    from bridge.curriculum.reader import Reading


@click.command(epilog=example("stewardpath validate", "stewardpath validate my-curricula"))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@format_option
@configured
def validate(config: Config, folder: Path | None, form: str) -> None:
    """Check the curricula and list every problem with its file, line and column.

    FOLDER is a curriculum, or contains curricula. Default: the configured curricula. Nothing is
    changed. Exit code 1 if there are errors; warnings don't count.
    """
    from bridge.curriculum.problems import format_problem
    from bridge.resources import resource

    source = folder or (
        config.path(config.curricula) if config.curricula else resource("curricula")
    )
    if source.is_relative_to(Path.cwd()):
        source = source.relative_to(Path.cwd())
    readings = _readings(source, config)
    problems = [problem for reading in readings for problem in reading.problems]
    errors = sum(problem.severity == "error" for problem in problems)
    if not readings:
        print_note(
            f"Error: there is no curriculum in {source}. A curriculum is a folder with a "
            "curriculum.yaml file."
        )
    if form == "json":
        show_json({"problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            echo(format_problem(problem))
        for reading in readings:
            if reading.curriculum:
                echo(_summary(reading.curriculum))
        echo(f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}.")
    if errors or not readings:
        failed()


def _readings(source: Path, config: Config) -> list[Reading]:
    """The readings of a curriculum's folder, or of all curricula in a folder."""
    from bridge.curriculum.library.folders import is_misnamed, read_all, read_folder

    if (source / "curriculum.yaml").exists() or is_misnamed(source):
        return [read_folder(source, former=_former(source, config), roles=config.role_labels)]
    return read_all(source, lambda folder: _former(folder, config), config.role_labels)


def _former(folder: Path, config: Config) -> Mapping[str, bytes] | None:
    """The files of a curriculum in the last commit, or else in the version last used, if known."""
    from bridge.curriculum.library import last_valid
    from bridge.curriculum.library.folders import files_of
    from bridge.web.curricula.storage.git import GitError, last_committed

    with suppress(GitError):
        if found := last_committed(folder, ".yaml"):
            return found
    used = last_valid.find(config.path(LAST_VALID_CURRICULA))
    if used is None or not config.curricula:
        return None
    is_configured = folder.resolve().parent == config.path(config.curricula).resolve()
    with suppress(OSError):
        return files_of(used / folder.name) if is_configured else None
    return None


def _summary(curriculum: Curriculum) -> str:
    quizzes = [quiz for each in curriculum.milestones for quiz in each.course.quizzes]
    questions = sum(len(quiz.questions) for quiz in quizzes)
    return (
        f"{curriculum.key}: {counted(len(curriculum.milestones), 'milestone')}, "
        f"{counted(len(quizzes), 'quiz', 'quizzes')}, {counted(questions, 'question')}."
    )


@click.command(epilog=example("stewardpath schema --output curricula/schema.json"))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to this file instead of standard output.",
)
@configured
def schema(_config: Config, output: Path | None) -> None:
    """Write the JSON Schema of the YAML files.

    With it, YAML editors complete and check as you type, in files whose first line is
    `# yaml-language-server: $schema=../schema.json`.
    """
    from bridge.curriculum.schema.json_schema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        echo(text.rstrip())
        return
    write_file(output, text.encode())
    echo(f"Written: {output}")


def write_file(path: Path, content: bytes) -> None:
    """Write a file. Raises click.FileError if it can't be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.FileError(str(path), f"cannot be written ({error.strerror})") from None
