"""The one loader of SQL: fixed statements live in `.sql` files beside the code that runs them; `db.fetch` and `db.execute` run them."""

from __future__ import annotations

import functools
import importlib.resources
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

_INCLUDE = re.compile(r"^[ \t]*\\ir ([\w./]+)\.sql$", re.MULTILINE)
# In this order, so that `--` inside a string stays and a quote inside a comment opens no string.
_TOKENS = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<quoted>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?<![:\w]):(?P<parameter>\w+)",
    re.DOTALL,
)

MOST = 1_000
"""How many statements are kept: more than there are files. The readers of tiles choose the constants of `ogc/tile.sql`, in thousands of ways."""

Constant = Literal["true", "false", "NULL"]
"""The SQL text of a constant that replaces a parameter."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as PostgreSQL takes it: `text` with `$1`, `$2` …, and the names of these parameters in that order."""

    text: str
    parameters: tuple[str, ...] = ()

    def into(self, table: str, columns: Sequence[str]) -> Statement:
        """An INSERT of these columns of the statement's rows, by name, into `table`."""
        names = ", ".join(columns)
        text = f"INSERT INTO {table} ({names}) SELECT {names} FROM ({self.text}) AS found"  # noqa: S608 (names of our own)
        return Statement(text, self.parameters)

    def values(self, params: Mapping[str, Any]) -> list[Any]:
        """The values of the parameters, in order; other entries of `params` are ignored. Raises KeyError when one is missing."""
        return [params[name] for name in self.parameters]


@functools.cache
def source(package: str, name: str) -> str:
    """The text of `<name>.sql` in `package`, with comments.

    A line `\\ir part.sql` is replaced by that file, as psql reads it: its path begins in the folder of the file with that line, and may lead
    into another room (`../store/part.sql`).
    """
    content = importlib.resources.files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")

    def included(line: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), line[1]))
        if not path.startswith("../"):
            return source(package, path).rstrip("\n")
        room, _, part = path.removeprefix("../").partition("/")
        return source(f"{package.rpartition('.')[0]}.{room}", part).rstrip("\n")

    return _INCLUDE.sub(included, content)


@functools.lru_cache(MOST)
def statement(package: str, name: str, **constants: Constant) -> Statement:
    """The statement of `<name>.sql` in `package` without its comments; `constants` replace parameters.

    PostgreSQL simplifies `WHERE :everything OR …` when it plans a constant, so one plan can be kept.
    """
    names: list[str] = []

    def replacement(token: re.Match[str]) -> str:
        if token["comment"]:
            return " "
        if token["quoted"]:
            return token["quoted"]
        parameter = token["parameter"]
        if parameter in constants:
            return constants[parameter]
        if parameter not in names:
            names.append(parameter)
        return f"${names.index(parameter) + 1}"

    return Statement(_TOKENS.sub(replacement, source(package, name)).strip(), tuple(names))


@functools.cache
def statements(package: str, name: str) -> tuple[Statement, ...]:
    """The statements of a file that holds several, separated by `;`, without parameters."""
    return tuple(Statement(one.strip()) for one in statement(package, name).text.split(";") if one.strip())


def without_comments(text: str) -> str:
    """SQL without its comments."""
    return _TOKENS.sub(lambda token: " " if token["comment"] else token[0], text)


def uuids(ids: Iterable[UUID]) -> str:
    """Many ids as one parameter, for `CAST(:ids AS uuid[])`: written out once, however many statements take it."""
    return "{" + ",".join(map(str, ids)) + "}"
