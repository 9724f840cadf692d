"""Count what the table in docs/architecture.md says of the code: `.venv/bin/python -m scripts.counts`, or with another checkout's folder."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

WORDS = re.compile(r"\w \w")
MOST_OF_A_FUNCTION, MOST_OF_A_FILE = 50, 300
SERVICE = "geo_service/"
MIGRATIONS = "geo_service/store/migrations/"
OTHERS = (
    "packages/client/geo_service_client/leaflet",
    "geo_service/viewer/static/vendor",
    "geo_service/viewer/openapi.d.ts",
)
"""Libraries of others, and what a script writes."""


def main(folder: Path) -> None:
    """Print one line per count."""
    files = [name for name in files_of(folder) if not name.startswith((MIGRATIONS, *OTHERS))]
    trees = {name: ast.parse((folder / name).read_text("utf-8")) for name in files if name.endswith(".py")}
    service = [tree for name, tree in trees.items() if name.startswith(SERVICE)]
    figures = {
        "raise with a sentence at the site": sum(map(_sentences, service)),
        ".sql files": sum(name.endswith(".sql") for name in files_of(folder)),
        "Python functions of more than 50 lines": len([*_long_functions(trees)]),
        "files of more than 300 lines": len([*long_files(folder, files)]),
    }
    for name, figure in figures.items():
        print(f"{figure:6} {name}")  # noqa: T201
    for line in (*_long_functions(trees), *long_files(folder, files)):
        print(f"       {line}")  # noqa: T201


def files_of(folder: Path) -> list[str]:
    """The files that git keeps of a checkout."""
    command = ["git", "-C", str(folder), "ls-files"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def _sentences(tree: ast.AST) -> int:
    """The `raise` statements that hold a text of two words or more."""
    raises = (node for node in ast.walk(tree) if isinstance(node, ast.Raise))
    return sum(any(_is_sentence(part) for part in ast.walk(node)) for node in raises)


def _is_sentence(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(WORDS.search(node.value))


def _long_functions(trees: dict[str, ast.Module]) -> Iterator[str]:
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MOST_OF_A_FUNCTION:
                    yield f"{name}: {node.name}, {lines} lines"


def long_files(folder: Path, names: list[str]) -> Iterator[str]:
    """Those that have more lines than a file should, each with its number."""
    for name in names:
        if name.endswith((".py", ".js", ".sql", ".css", ".html")):
            lines = (folder / name).read_text("utf-8").count("\n")
            if lines > MOST_OF_A_FILE:
                yield f"{name}: {lines} lines"


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))
