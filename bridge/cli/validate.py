"""`validate` and `schema`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from bridge.cli.common import (
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


@click.command(epilog=example("stewardpath validate", "stewardpath validate my-curricula"))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@format_option
@configured
def validate(config: Config, folder: Path | None, form: str) -> None:
    """Check the curricula: every problem, with file, line and column.

    FOLDER holds the curricula, or is one; without it the configured ones are checked. Nothing
    outside is touched. Exit code 1 if there is an error; warnings are no errors.
    """
    from bridge.curriculum.folders import read_all, read_folder
    from bridge.curriculum.problems import format_problem
    from bridge.resources import resource

    place = folder or (config.path(config.curricula) if config.curricula else resource("curricula"))
    place = place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place
    readings = [read_folder(place)] if (place / "curriculum.yaml").exists() else read_all(place)
    problems = [problem for reading in readings for problem in reading.problems]
    if form == "json":
        show_json({"problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            echo(format_problem(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    if not readings:
        print_note(
            f"Error: there is no curriculum in {place}. Each is a folder with a curriculum.yaml."
        )
    if form == "text":
        for reading in readings:
            if curriculum := reading.curriculum:
                quizzes = [q for m in curriculum.milestones for q in m.course.quizzes]
                questions = sum(len(quiz.questions) for quiz in quizzes)
                echo(
                    f"{curriculum.key}: {counted(len(curriculum.milestones), 'milestone')}, "
                    f"{counted(len(quizzes), 'quiz', 'quizzes')}, "
                    f"{counted(questions, 'question')}."
                )
        echo(f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}.")
    if errors or not readings:
        failed()


@click.command(epilog=example("stewardpath schema --output curricula/schema.json"))
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there.")
@configured
def schema(_config: Config, output: Path | None) -> None:
    """Write the JSON Schema of the YAML files.

    Editors that know YAML complete and check while typing when the first line of a file is
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
    """Write a file that was asked for. A click error if that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.FileError(str(path), f"cannot be written ({error.strerror})") from None
