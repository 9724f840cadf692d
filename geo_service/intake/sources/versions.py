"""Versions of records: the newest counts, in whatever order a source, or a person with saved files, gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from geo_service.intake.records import Remarks
from geo_service.intake.sources.gipod_values import moment_of
from geo_service.store.tables import source_records

CLOCKS_DIFFER = timedelta(days=1)


@dataclass(slots=True)
class Versions:
    """The moment of the newest version of each record, stored or read in this run. A moment still to come orders nothing: a typing error would
    keep every later version out.
    """

    remarks: Remarks
    _latest: datetime = field(default_factory=lambda: datetime.now(UTC) + CLOCKS_DIFFER)
    _newest: dict[str, datetime] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)
    _older: set[str] = field(default_factory=set)

    def load(self, conn: sa.Connection, source: str, *path: str) -> None:
        """Load the moments of the stored records of a source, which stand under `path`."""
        stamp = source_records.c.raw[path].astext
        stored = sa.select(source_records.c.record_key, stamp).where(source_records.c.source == source)
        pairs = ((key, moment_of(text)) for key, text in conn.execute(stored))
        self._newest |= {key: moment for key, moment in pairs if moment and moment <= self._latest}

    def is_older(self, key: str, moment: datetime) -> bool:
        """Whether a newer version of the record was read before. Remarks count the records of which this run has only older versions."""
        newest = self._newest.get(key)
        is_older = newest is not None and moment < newest
        if not is_older:
            if moment <= self._latest:
                self._newest[key] = moment
            self._read.add(key)
            self._older.discard(key)
        elif key not in self._read:
            self._older.add(key)
        self.remarks.older = len(self._older)
        return is_older

    @property
    def older(self) -> frozenset[str]:
        """The keys of the records of which this run has only older versions."""
        return frozenset(self._older)
