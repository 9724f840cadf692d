"""Write the next version of the engine: `make engine-version`, when the substance of a room of the engine has changed.

A database is computed anew at the first start with another version. The substance is what can change a claim, a conflict, an advice or a
hold: the syntax trees without docstrings, the SQL without comments and white space, the values of the cities' files.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from geo_service import sql
from geo_service.detection import engine_version

PROJECT = Path(__file__).parent.parent
PLACES = ("geo_service/domain", "geo_service/detection", "geo_service/coordination", "data/cities")
VERSION_FILE = Path(engine_version.__file__)
# Fields of syntax trees that say nothing, or that not every version of Python has.
_MUTE_FIELDS = {"ctx", "kind", "type_comment", "type_params"}


def digest(version: int) -> str:
    """The digest of the substance under this number: a new digest needs a new number."""
    found = hashlib.sha256(str(version).encode())
    for name, content in sorted(_contents()):
        found.update(f"{name}\n{content}\n".encode())
    return found.hexdigest()[:32]


def of_python(code: str) -> str:
    """The syntax tree of a module, without docstrings and other texts that stand alone."""
    return _tree(ast.parse(code))


def of_sql(text: str) -> str:
    """The words of a statement without comments, one space between them."""
    return " ".join(sql.without_comments(text).split())


def of_toml(text: str) -> str:
    """The values of a city's file, whatever the order of its tables."""
    return json.dumps(tomllib.loads(text), sort_keys=True, default=str)


def write_next() -> int:
    """Write the next version and its digest; the version. Nothing is written when the digest is right."""
    version = engine_version.ENGINE_VERSION
    if digest(version) == engine_version.SUBSTANCE:
        return version
    text = VERSION_FILE.read_text(encoding="utf-8")
    text = re.sub(r"^ENGINE_VERSION = .*$", f"ENGINE_VERSION = {version + 1}", text, flags=re.MULTILINE)
    text = re.sub(r"^SUBSTANCE = .*$", f'SUBSTANCE = "{digest(version + 1)}"', text, flags=re.MULTILINE)
    VERSION_FILE.write_text(text, encoding="utf-8")
    return version + 1


def _contents() -> Iterator[tuple[str, str]]:
    readers = {".py": of_python, ".toml": of_toml}
    for path in (path for place in PLACES for path in (PROJECT / place).rglob("*")):
        name = path.relative_to(PROJECT).as_posix()
        if path.suffix in readers and path != VERSION_FILE:
            yield name, readers[path.suffix](path.read_text(encoding="utf-8"))
        elif path.suffix == ".sql":
            # with the parts of other rooms that it includes
            yield name, of_sql(sql.source(".".join(Path(name).parts[:-1]), path.stem))


def _tree(node: object) -> str:
    if isinstance(node, list):
        return "[" + ",".join(_tree(one) for one in node if not _is_text(one)) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = (f"{name}={_tree(value)}" for name, value in ast.iter_fields(node) if name not in _MUTE_FIELDS)
    return f"{type(node).__name__}({','.join(fields)})"


def _is_text(node: object) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


if __name__ == "__main__":
    sys.stdout.write(f"engine version {write_next()}\n")
