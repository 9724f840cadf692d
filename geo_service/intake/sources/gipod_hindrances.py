"""The consequences of GIPOD works for traffic ("Geen doorgang voor voetgangers"), from two other collections of GIPOD.

HINDER has a row per zone with all its `Consequences`, HINDERGEVOLG a row per zone and `Consequence`. Both hold the same words, so one
of them is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.records import Remarks
from geo_service.store.tables import works

COLLECTIONS = ("HINDER", "HINDERGEVOLG")
"""The collections in the order of the requests."""
CANCELLED = "Geannuleerd"
_LAST_NUMBER = re.compile(r"(\d+)/?$")

ByWorks = Mapping[str, Sequence[str]]


@dataclass
class Hindrances:
    """Consequences by GipodId, fetched once and only when works name a hindrance.

    `read` returns the features of a collection; when no collection is readable, the `earlier` consequences
    stay.
    """

    read: Callable[[str], Iterator[Any]]
    remarks: Remarks
    earlier: ByWorks = field(default_factory=dict)
    _by_works: ByWorks | None = field(default=None, init=False)

    def of(self, gipod_id: str) -> list[str]:
        """The consequences of works in GIPOD's words."""
        if self._by_works is None:
            self._by_works = self._fetch()
        return list(self._by_works.get(gipod_id, ()))

    def _fetch(self) -> ByWorks:
        for collection in COLLECTIONS:
            try:
                return _consequences(self.read(collection))
            except SourceUnreachable:
                self.remarks.add(f"{collection} cannot be read")
        self.remarks.add("the hindrances cannot be read: consequences stay as they were")
        return self.earlier


def consequences_of(conn: sa.Connection, source: str) -> ByWorks:
    """The stored consequences of the works of a source."""
    some = sa.and_(works.c.source == source, sa.func.cardinality(works.c.consequences) > 0)
    return {
        row.source_id: row.consequences
        for row in conn.execute(sa.select(works.c.source_id, works.c.consequences).where(some))
    }


def _consequences(features: Iterator[Any]) -> ByWorks:
    by_works: dict[str, set[str]] = {}
    for feature in features:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict) or properties.get("HindranceStatus") == CANCELLED:
            continue
        words = {*_parts(properties.get("Consequences")), *_parts(properties.get("Consequence"))}
        for uri in _parts(properties.get("HindranceConsequenceOf")):
            if number := _LAST_NUMBER.search(uri):
                by_works.setdefault(number[1], set()).update(words)
    return {gipod_id: sorted(words) for gipod_id, words in by_works.items()}


def _parts(value: Any) -> list[str]:
    return [part for one in str(value or "").split(";") if (part := one.strip())]
