"""The one loader of SQL: fixed statements live in `.sql` files beside the code that runs them."""

import functools
import importlib.resources
import re

from sqlalchemy import TextClause, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

# In this order, so that `--` inside a string stays and a quote inside a comment opens no string.
_TOKENS = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<quoted>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")", re.DOTALL
)
_INCLUDE = re.compile(r"^\\ir (\w+)\.sql$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")
_CAST_PARAMETER = re.compile(r"(?<![:\w\\]):\w+::")


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
def bare(package: str, name: str) -> str:
    """The same statement for a psycopg connection: its parameters as `%(name)s`."""
    return str(load(package, name).compile(dialect=PGDialect_psycopg()))  # type: ignore[no-untyped-call]


def _keep(token: re.Match[str]) -> str:
    return " " if token["comment"] else _PARAMETER.sub(r"\\:", token["quoted"])
