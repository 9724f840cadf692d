"""What works of GIPOD mean for those who pass ("Geen doorgang voor voetgangers"): told by other collections than the works themselves.

HINDER has a row per zone with all its `Consequences`, HINDERGEVOLG a row per zone and `Consequence`: the same words, so one of them is enough.
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
"""In the order in which they are asked."""
CANCELLED = "Geannuleerd"
_LAST_NUMBER = re.compile(r"(\d+)/?$")

Known = Mapping[str, Sequence[str]]


@dataclass
class Hindrances:
    """Consequences by GipodId. Asked for once, and only when works name a hindrance: most name none.

    `read` gives the features of a collection; when it can of none, what is `known` from before stays.
    """

    read: Callable[[str], Iterator[Any]]
    remarks: Remarks
    known: Known = field(default_factory=dict)
    _found: Known | None = field(default=None, init=False)

    def of(self, gipod_id: str) -> list[str]:
        """In the words of GIPOD."""
        if self._found is None:
            self._found = self._asked()
        return list(self._found.get(gipod_id, ()))

    def _asked(self) -> Known:
        for collection in COLLECTIONS:
            try:
                return _told(self.read(collection))
            except SourceUnreachable:
                self.remarks.add(f"{collection} cannot be read")
        self.remarks.add("the hindrances cannot be read: consequences stay as they were")
        return self.known


def stored(conn: sa.Connection, source: str) -> Known:
    """The consequences that works of a source have now."""
    some = sa.and_(works.c.source == source, sa.func.cardinality(works.c.consequences) > 0)
    return {
        row.source_id: row.consequences
        for row in conn.execute(sa.select(works.c.source_id, works.c.consequences).where(some))
    }


def _told(features: Iterator[Any]) -> Known:
    found: dict[str, set[str]] = {}
    for feature in features:
        given = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(given, dict) or given.get("HindranceStatus") == CANCELLED:
            continue
        said = {*_parts(given.get("Consequences")), *_parts(given.get("Consequence"))}
        for uri in _parts(given.get("HindranceConsequenceOf")):
            if number := _LAST_NUMBER.search(uri):
                found.setdefault(number[1], set()).update(said)
    return {gipod_id: sorted(said) for gipod_id, said in found.items()}


def _parts(value: Any) -> list[str]:
    return [part for one in str(value or "").split(";") if (part := one.strip())]
