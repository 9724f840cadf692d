"""The one loader of SQL: fixed statements live in `.sql` files beside the code that runs them."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import TextClause, text

# In this order, so that `--` inside a string stays and a quote inside a comment opens no string.
_TOKENS = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<quoted>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")", re.DOTALL
)
_INCLUDE = re.compile(r"^\\ir (\w+)\.sql$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")
_CAST_PARAMETER = re.compile(r"(?<![:\w\\]):\w+::")
_NAMED = re.compile(rf"{_TOKENS.pattern}|(?<![:\w]):(?P<name>\w+)", re.DOTALL)

Fixed = Literal["true", "false", "NULL"]
"""What can stand in a statement in place of a parameter, as PostgreSQL writes it."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A statement as PostgreSQL itself takes it: its parameters as `$1`, `$2` …, by name in that order."""

    text: str
    names: tuple[str, ...] = ()

    def into(self, table: str, columns: Sequence[str]) -> Bare:
        """The same, its rows written to `columns` of `table`."""
        return Bare(f"INSERT INTO {table} ({', '.join(columns)}) {self.text}", self.names)

    def values(self, params: Mapping[str, Any]) -> list[Any]:
        """Of `params`, those it takes, in its order."""
        return [params[name] for name in self.names]


@functools.cache
def raw(package: str, name: str) -> str:
    """The file `<name>.sql` of `package`, header comment included. A line `\\ir part.sql` stands for that file, as psql reads it."""
    content = importlib.resources.files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda line: raw(package, line[1]).rstrip("\n"), content)


@functools.cache
def load(package: str, name: str) -> TextClause:
    """`load("geo_service.detection", "detect")`: the statement of `detect.sql` with its `:parameters`.

    Comments are left out: SQLAlchemy would take a `:word` in them, as in quotes, for a parameter.
    """
    statement = _TOKENS.sub(_keep, raw(package, name))
    if wrong := _CAST_PARAMETER.search(statement):
        raise ValueError(
            f"{package}/{name}.sql: {wrong[0]} is no parameter to SQLAlchemy, write CAST(… AS …)"
        )
    return text(statement.strip())


@functools.cache
def bare(package: str, name: str, **fixed: Fixed) -> Bare:
    """The same statement for `db.pipeline`, with some of its parameters fixed once and for all.

    PostgreSQL plans what is fixed: `WHERE :everything OR …` is no choice any more, and the plan can be kept.
    """
    names: list[str] = []

    def place(found: re.Match[str]) -> str:
        if found["comment"]:
            return " "
        if found["quoted"]:
            return found["quoted"]
        parameter = found["name"]
        if parameter in fixed:
            return fixed[parameter]
        if parameter not in names:
            names.append(parameter)
        return f"${names.index(parameter) + 1}"

    return Bare(_NAMED.sub(place, raw(package, name)).strip(), tuple(names))


@functools.cache
def statements(package: str, name: str) -> tuple[Bare, ...]:
    """Each statement of a file that holds several, none of them with parameters: `;` ends them."""
    return tuple(Bare(one.strip()) for one in bare(package, name).text.split(";") if one.strip())


def uuids(ids: Iterable[UUID]) -> str:
    """Many ids as one parameter, for `CAST(:ids AS uuid[])`: written out once, however many statements take them."""
    return "{" + ",".join(map(str, ids)) + "}"


def _keep(token: re.Match[str]) -> str:
    return " " if token["comment"] else _PARAMETER.sub(r"\\:", token["quoted"])
