"""The rejected records of an import. They are kept on disk, because there may be more than memory holds."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from geo_service.domain.messages import code_of
from geo_service.intake.records import Rejection

_READ = "SELECT row, id, reason, field, params, line, origin FROM rejection ORDER BY row, rowid LIMIT ?"
ALL = -1


class Rejections:
    """Rejections in the order of their rows, in bounded memory.

    An anonymous SQLite database holds them. It spills to a temporary file and ends with this object.
    """

    def __init__(self, some: Iterable[Rejection] = ()) -> None:
        self._spool = sqlite3.connect("", isolation_level=None)
        self._spool.execute(
            "CREATE TABLE rejection (row INTEGER, id TEXT, reason TEXT, field TEXT, params TEXT, line INTEGER, origin TEXT)"
        )
        self._count = 0
        for one in some:
            self.append(one)

    def append(self, one: Rejection) -> None:
        """Add one rejection."""
        words = (one.id, one.reason, one.field, _as_json(one.params))
        self._spool.execute(
            "INSERT INTO rejection VALUES (?, ?, ?, ?, ?, ?, ?)",
            (one.row, *map(_storable, words), one.line, one.origin),
        )
        self._count += 1

    def first(self, count: int) -> list[Rejection]:
        """The rejections of the first `count` rows."""
        return [*self._read(count)]

    def by_code(self) -> dict[str, int]:
        """The number of rejected rows per reason, the most frequent first."""
        counts: Counter[str] = Counter()
        for reason, count in self._spool.execute("SELECT reason, count(*) FROM rejection GROUP BY reason"):
            counts[code_of(reason)] += count
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Rejection]:
        return self._read(ALL)

    def __repr__(self) -> str:
        return f"Rejections({self.first(5)!r}{' …' if self._count > 5 else ''})"

    def _read(self, most: int) -> Iterator[Rejection]:
        for row in self._spool.execute(_READ, (most,)):
            number, id_, reason, field, params, line, origin = row
            figures = json.loads(params) if params else {}
            yield Rejection(number, id_, reason, field, figures, line, origin=origin)


def _as_json(params: Mapping[str, Any]) -> str | None:
    """The parameters as JSON without NUL, which PostgreSQL does not store."""
    if not params:
        return None
    return json.dumps(params, default=str, ensure_ascii=False).replace("\\u0000", "")


def _storable(text: str | None) -> str | None:
    """The text without NUL and without halves of surrogate pairs, which PostgreSQL does not store."""
    return text and text.encode("utf-8", "replace").decode().replace("\0", "")
