"""The data types of the pipeline: records, the works and repairs built from them, rejections, and the protocol of a source."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from geo_service.domain import messages
from geo_service.domain.errors import InvalidInput
from geo_service.domain.repairs import RepairDraft
from geo_service.domain.works import Works
from geo_service.intake.remarks import Remarks
from geo_service.settings import Bbox

__all__ = ["MAX_NAME", "Coverage", "GroupResult", "Record", "Rejection", "Remarks", "Source", "name_of"]

NOTHING = {"-", "--", "?", "null", "none", "nan", "n/a", "nvt", "n.v.t.", "onbekend"}
"""What people and programs write where they have no id."""
_SCIENTIFIC = re.compile(r"\d[.,]\d+E\+?\d{2,}|\dE\+\d{2,}", re.IGNORECASE)
"""What Excel makes of a long number: the last digits are lost, so that several records share it."""
MAX_NAME = 500
"""The longest id or owner (characters): both are indexed, and an index entry has at most 2,700 bytes."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a source without personal data.

    `row` counts the records from 1; `line` is its line in the file, if the file has lines; `key` names the
    record within its source; `group` names its works or repair. Several records may be phases of one works,
    whose `source_key` is then the key of the record.
    """

    row: int
    key: str
    group: str
    raw: dict[str, Any]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A rejected record, with the reason and its parameters (domain/messages.py)."""

    row: int
    id: str | None
    reason: str
    field: str | None
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    line: int | None = None
    on_purpose: bool = False
    """The mapping skips the record, so it counts as absent."""
    origin: str | None = None
    """The map and its row, in a report of several maps."""

    @property
    def code(self) -> str:
        """The stable code for clients."""
        return messages.code_of(self.reason)

    @property
    def message(self) -> str:
        """The reason in English."""
        why = messages.english(self.reason, self.params)
        return why if self.origin is None else f"{self.origin}: {why}"

    @classmethod
    def of(cls, row: int, id_: str | None, error: InvalidInput, line: int | None = None) -> Rejection:
        """The rejection for the first problem of `error`."""
        first = error.errors[0]
        return cls(row, id_, first.reason, first.field, first.params, line)

    @classmethod
    def twice(cls, row: int, id_: str, line: int | None = None) -> Rejection:
        """The rejection of a record whose id came before."""
        return Rejection(row, id_, "duplicate_id", "id", {"id": id_}, line)


def name_of(field: str, value: str | None) -> str:
    """Check that an id or an owner is present and not too long. An owner may be unknown, and be called so. Raises InvalidInput."""
    if value is None or (field == "id" and value.casefold() in NOTHING):
        raise InvalidInput.one(field, f"{field}_missing", name=field)
    if field == "id" and _SCIENTIFIC.fullmatch(value):
        raise InvalidInput.one(field, "id_rounded", given=value)
    if len(value) > MAX_NAME:
        raise InvalidInput.one(field, "too_long.name", name=field, characters=len(value), limit=MAX_NAME)
    return value


@dataclass(frozen=True, slots=True)
class GroupResult:
    """The result of a group of records: works or a repair (None when no record is usable), and the rejected
    records.
    """

    item: Works | RepairDraft | None
    rejections: Sequence[Rejection] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a read covered. An absent record has vanished only after a `full` read, and only inside `bbox`.
    `changes`: the read asked only for records that changed since the last one; there may be none.
    `present`: keys of records that are there and were not taken in, as a newer version of them is stored.
    """

    full: bool
    bbox: Bbox | None = None
    changes: bool = False
    present: frozenset[str] = frozenset()


class Source(Protocol):
    """What the pipeline needs of a source."""

    @property
    def name(self) -> str:
        """The name in works.source and in the imports."""

    @property
    def target(self) -> Literal["works", "repairs"]:
        """What the records become."""

    @property
    def meaning(self) -> str:
        """A version that changes when equal records would be read differently, so that no stored hash
        matches.
        """

    @property
    def keeps_past(self) -> bool:
        """Whether the source omits the past, so that past openings stay."""

    @property
    def merges_repeats(self) -> bool:
        """Whether a repeated record is one record (overlapping pages); otherwise the second is rejected."""

    @property
    def total(self) -> int | None:
        """The number of records that the source announces, once reading has begun."""

    @property
    def remarks(self) -> Remarks:
        """Remarks about the source as a whole."""

    def prepare(self, conn: sa.Connection) -> None:
        """Read from the store what `records` needs, before the first record. It writes nothing."""

    def records(self) -> Iterator[Record | Rejection]:
        """Every record once, in order. Raises SourceUnreachable."""

    def build(self, groups: Sequence[Sequence[Record]]) -> list[GroupResult]:
        """The result of each group of records, in order. It takes many groups, so that their geometries are
        checked as one set.
        """

    def coverage(self) -> Coverage:
        """What the read covered, after the last record."""
