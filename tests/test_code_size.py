"""Files, functions and folders stay small enough to read."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAX_FILE_LINES = 350
MAX_FUNCTION_LINES = 40
MAX_FOLDER_MODULES = 15
MIGRATIONS = ROOT / "bridge/store/migrations/versions"
"""One ordered folder, which grows with every change of a table."""


def modules(folder: str) -> Iterator[Path]:
    return (path for path in (ROOT / folder).rglob("*.py") if "data" not in path.parts)


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{path.relative_to(ROOT)}: {node.name} has {lines} lines"


def test_no_file_is_too_long() -> None:
    files = [*modules("bridge"), *modules("tests")]
    long = [f"{path.relative_to(ROOT)}: {line_count(path)} lines" for path in files
            if line_count(path) > MAX_FILE_LINES]  # fmt: skip
    assert long == [], f"Split each file of more than {MAX_FILE_LINES} lines by what it is about."


def test_no_function_is_too_long() -> None:
    long = [found for path in modules("bridge") for found in long_functions(path)]
    assert long == [], f"Split each function of more than {MAX_FUNCTION_LINES} lines into steps."


def test_no_folder_has_too_many_modules() -> None:
    files = [*modules("bridge"), *modules("tests")]
    counts = Counter(path.parent for path in files if path.name != "__init__.py")
    full = {str(folder.relative_to(ROOT)): count for folder, count in counts.items()
            if count > MAX_FOLDER_MODULES and folder != MIGRATIONS}  # fmt: skip
    assert full == {}, f"Group the modules of each folder with more than {MAX_FOLDER_MODULES}."
