"""Names the tests that are nearest to what changed, for `make quick`: one file a line.

    .venv/bin/python scripts/quick.py                  # since the branch left main; on main, what is not committed
    .venv/bin/python scripts/quick.py --base HEAD~3

The tests of a file are those that import it, that name it, or that are called after it (`test_NAME.py`). Where a module has none, the
tests of the modules that import it count instead. `make test` remains the proof: a change can break what is further away.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent
ALWAYS = ("tests/unit/test_floors.py", "tests/unit/test_docs.py", "tests/unit/test_locales.py")
PAGE = {".js", ".css", ".html"}
"""What only a browser runs: all tests of tests/viewer."""
CLIENT = "packages/client/"
"""The folder of the client's package."""


def changed(base: str) -> set[str]:
    """The files that differ from the commit where this branch left `base`, new ones too."""

    def git(*words: str) -> list[str]:
        done = subprocess.run(["git", *words], cwd=PROJECT, check=True, capture_output=True, text=True)  # nosec B607 # the developer's own git
        return done.stdout.splitlines()

    [start] = git("merge-base", base, "HEAD")
    return {*git("diff", "--name-only", start), *git("ls-files", "--others", "--exclude-standard")}


def imports(text: str, package: str) -> Iterator[str]:
    """The names of modules that a module of `package` may import: `from a import b` may mean a.b or something in a."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def module_of(file: str) -> str:
    return file.removeprefix(CLIENT).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass(frozen=True)
class Sources:
    """The Python files of a checkout: their text, and the names of the modules that each imports."""

    texts: dict[str, str]
    imports: dict[str, set[str]]

    @classmethod
    def read(cls, root: Path) -> Sources:
        """Those of the service, its client, the scripts and the tests."""
        files = [
            file
            for room in ("geo_service", CLIENT, "scripts", "tests")
            for file in (root / room).rglob("*.py")
        ]
        texts = {str(file.relative_to(root)): file.read_text(encoding="utf-8") for file in files}
        return cls(
            texts, {f: set(imports(text, str(Path(f).parent).replace("/", "."))) for f, text in texts.items()}
        )

    def tests_of(self, file: str) -> set[str]:
        """The nearest tests of one file; itself when it is a test."""
        if is_test(file):
            return {file} & self.texts.keys()
        if Path(file).suffix in PAGE:
            return {one for one in self.texts if is_test(one) and one.startswith("tests/viewer/")}
        called = re.compile(rf"(?:^|/)test_{re.escape(Path(file).stem)}\.py$")
        near = {one for one in self.texts if called.search(one)}
        seen, level = {file}, {file}
        while level:
            users = {user for one in level for user in self._users(one)} - seen
            if tests := {one for one in users if is_test(one)}:
                return near | tests
            seen |= users
            level = users
        return near

    def _users(self, file: str) -> Iterable[str]:
        if file.endswith(".py"):
            module = module_of(file)
            return [one for one, names in self.imports.items() if module in names]
        name = Path(file).name
        stem = re.compile(rf"[\"'/]{re.escape(Path(file).stem)}(\.\w+)?[\"']")
        return [one for one, text in self.texts.items() if name in text or stem.search(text)]


def is_test(file: str) -> bool:
    return file.startswith("tests/") and Path(file).name.startswith("test_")


def main() -> int:
    """The nearest tests of all that changed, and those of the whole house that take seconds."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--base", default="main", help="what changed since this branch left that one")
    sources = Sources.read(PROJECT)
    tests = {test for file in changed(options.parse_args().base) for test in sources.tests_of(file)}
    sys.stdout.write("\n".join(sorted({*tests, *ALWAYS})) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
