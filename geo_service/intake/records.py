"""The data types of the pipeline: records, the works and repairs built from them, rejections, and the protocol of a source."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from geo_service.domain.errors import InvalidInput
from geo_service.domain.repairs import RepairDraft
from geo_service.domain.works import Works
from geo_service.intake.remarks import Remarks
from geo_service.settings import Bbox

__all__ = ["MAX_NAME", "Coverage", "GroupResult", "Record", "Rejection", "Remarks", "Source", "name_of"]

MAX_NAME = 500
"""Ids and owners stand in indexes, whose entries end at 2,700 bytes."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a source, as it came, without the personal data it came with.

    `row` counts the records from 1; `line` is where a person finds it in the file, if it has lines; `key` names the record within its source; `group` names the works or repair it belongs to
    (several records may be phases of one works, whose `source_key` is then the record's key).
    """

    row: int
    key: str
    group: str
    raw: dict[str, Any]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a record is left out, in the words of the field: `message` in English, `params` for other languages (domain/errors.py)."""

    row: int
    id: str | None
    code: str
    field: str | None
    message: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    line: int | None = None
    on_purpose: bool = False
    """The mapping leaves it out: it is as good as not there."""

    @classmethod
    def of(cls, row: int, id_: str | None, error: InvalidInput, line: int | None = None) -> Rejection:
        """The first thing that is wrong with a record."""
        first = error.errors[0]
        return cls(row, id_, first.code, first.field, first.message, first.params, line)

    @classmethod
    def twice(cls, row: int, id_: str, line: int | None = None) -> Rejection:
        """A record whose id came before."""
        message = f"{id_} is there twice; the first one counts"
        return Rejection(row, id_, "duplicate_id", "id", message, line=line)


def name_of(field: str, value: str | None) -> str:
    """An id or an owner that is there and no longer than a name may be. Raises InvalidInput."""
    if value is None:
        raise InvalidInput.one(field, f"{field}_missing", f"there is no {field}")
    if len(value) > MAX_NAME:
        raise InvalidInput.one(
            field,
            "too_long",
            f"{field} has {len(value)} characters, more than {MAX_NAME}",
            characters=len(value),
            limit=MAX_NAME,
        )
    return value


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What a group of records means: works or a repair (None when nothing is left of it), and the records that say nothing."""

    item: Works | RepairDraft | None
    rejections: Sequence[Rejection] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an absent record means: only in a `full` look at a source, and only inside `bbox`, has it vanished. `changes`: only what changed
    or came since the last look was asked for, often a record or two, or none."""

    full: bool
    bbox: Bbox | None = None
    changes: bool = False


class Source(Protocol):
    """What the pipeline needs to know of a source."""

    @property
    def name(self) -> str:
        """Of works.source and of the imports."""

    @property
    def target(self) -> Literal["works", "repairs"]:
        """What the records become."""

    @property
    def meaning(self) -> str:
        """Changes whenever equal records would be read differently: their hashes then no longer match."""

    @property
    def keeps_past(self) -> bool:
        """Whether the source shows no past, so that openings that are over stay."""

    @property
    def merges_repeats(self) -> bool:
        """Whether a record that comes twice is one record (pages that overlap); otherwise the second is rejected."""

    @property
    def total(self) -> int | None:
        """How many records the source says it has, once reading has begun."""

    @property
    def remarks(self) -> Remarks:
        """What it met on the way."""

    def prepare(self, conn: sa.Connection) -> None:
        """Before the first record: learn from the store what reading needs. Nothing is written."""

    def records(self) -> Iterator[Record | Rejection]:
        """Every record once, in order. Raises SourceUnreachable when the source stops making sense."""

    def build(self, groups: Sequence[Sequence[Record]]) -> list[GroupResult]:
        """What each group of records means, in order. Many at once, so that their geometry is checked as one set."""

    def coverage(self) -> Coverage:
        """After the last record: how much of the source was seen."""
