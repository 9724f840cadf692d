"""Works and repairs of any city: a file of any supported format, read by a mapping file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from shapely import box
from shapely.geometry.base import BaseGeometry

from geo_service.domain.crs import WGS84
from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.domain.repairs import RepairDraft
from geo_service.domain.works import MOST_WORKING_DAYS, Certainty, Phase, Works
from geo_service.intake.base_maps.addresses import AddressBook
from geo_service.intake.base_maps.city_buildings import BuildingBook
from geo_service.intake.formats import files
from geo_service.intake.formats.geometries import geometry_or_raise, read_many
from geo_service.intake.mapping.column_check import check_columns, read_row
from geo_service.intake.mapping.days import DaySpan, working_days_of
from geo_service.intake.mapping.deadlines import words_of
from geo_service.intake.mapping.definition import WORKS_TEXTS, TypeRule
from geo_service.intake.mapping.definition import Mapping as MappingFile
from geo_service.intake.mapping.places import GeometryReader, UnknownCrs
from geo_service.intake.mapping.record_fields import RecordFields, skip
from geo_service.intake.mapping.vocabulary import Meaning, Vocabulary
from geo_service.intake.records import Coverage, GroupResult, Record, Rejection, Remarks, name_of
from geo_service.intake.remarks import WordField
from geo_service.intake.sources.works_of_records import UNKNOWN_KIND, UNKNOWN_STATUS, merge
from geo_service.settings import Bbox

Ground: TypeAlias = BaseGeometry | InvalidInput
"""The ground of a record, or why it has none."""

NOT_LOOKED_UP = box(0, 0, 1, 1)
"""The geometry of an address or a building in a check without a database."""


# Raise when the same mapping comes to mean something else, so that records are read again.
MEANING = "mapped 7"
TITLE_LENGTH = 200
LATE_REPORT = timedelta(days=30)
"""So long after its repair a defect may still be noted."""
UNKNOWN_TYPE = TypeRule(kind=UNKNOWN_KIND, opens_surface=True)
"""The type of an unknown word in a file whose words are mostly known."""


@dataclass
class Mapped:
    """The records of the file or address `origin`, as `mapping` reads them."""

    mapping: MappingFile
    origin: str
    region: Bbox
    timezone: str = "Europe/Brussels"

    remarks: Remarks = field(default_factory=Remarks, init=False)
    _addresses: AddressBook | None = field(default=None, init=False)
    _buildings: BuildingBook | None = field(default=None, init=False)

    keeps_past: ClassVar = False
    merges_repeats: ClassVar = False
    total: ClassVar[int | None] = None

    @property
    def name(self) -> str:
        """The source name of the mapping."""
        return self.mapping.source

    @property
    def target(self) -> Literal["works", "repairs"]:
        return cast('Literal["works", "repairs"]', self.mapping.target)

    @property
    def meaning(self) -> str:
        books = (self._addresses, self._buildings)
        books_meaning = " ".join(book.meaning for book in books if book)
        return f"{MEANING} {self.mapping.meaning} {books_meaning}"

    def prepare(self, conn: sa.Connection) -> None:
        """Load the addresses and buildings of the city, if the mapping needs them."""
        place = self.mapping.place
        if place and (place.address or place.street):
            self._addresses = AddressBook.load(conn)
        if (place and place.building) or "building" in self.mapping.fields:
            self._buildings = BuildingBook.load(conn)

    def records(self) -> Iterator[Record | Rejection]:
        reader = GeometryReader(
            self.mapping, self.origin, self.region, files.form_at(self.origin, self.mapping.how())
        )
        file_rows = files.read(self.origin, self.mapping.how(), self.remarks)
        rows = check_columns(file_rows, self.mapping, Path(self.origin).name, self.remarks)
        for row, raw in enumerate(rows, start=1):
            yield self._record(row, raw, reader)

    def coverage(self) -> Coverage:
        return Coverage(full=self.mapping.full and not self.remarks.is_partial)

    def build(self, groups: Sequence[Sequence[Record]]) -> list[GroupResult]:
        grounds = self._grounds([record for group in groups for record in group])
        return [self._build([(record, grounds[record.row]) for record in group]) for group in groups]

    def _build(self, group: Sequence[tuple[Record, Ground]]) -> GroupResult:
        """Works with a phase per readable record, or one repair."""
        items: list[Works | RepairDraft] = []
        rejections: list[Rejection] = []
        for record, ground in group:
            try:
                skip(self.mapping, record.raw["properties"])
                fields = RecordFields(self.mapping, record.raw["properties"])
                make = self._works if self.target == "works" else self._repair
                items.append(make(record, fields, ground))
            except InvalidInput as refused:
                rejections.append(Rejection.of(record.row, record.key, refused, record.line))
        works = [one for one in items if isinstance(one, Works)]
        return GroupResult(merge(works) if len(works) > 1 else items[0] if items else None, rejections)

    def _record(self, row: int, raw: files.Row, reader: GeometryReader) -> Record | Rejection:
        outcome = read_row(row, raw, self.mapping)
        if isinstance(outcome, Rejection):
            return outcome
        record, values = outcome
        key: str | None = None
        try:
            key = name_of("id", RecordFields(self.mapping, values).text("id"))
            group = RecordFields(self.mapping, values).text("group") if self.target == "works" else None
            place = reader.read(record, values)
        except UnknownCrs:
            raise
        except InvalidInput as refused:
            return Rejection.of(row, key, refused, record.line)
        group = name_of("group", group or key)
        return Record(row, key, group, {"properties": values, **place}, record.line)

    def _works(self, record: Record, fields: RecordFields, ground: Ground) -> Works:
        owner = name_of("owner", fields.text("owner"))
        days = fields.days(ZoneInfo(self.timezone))
        kind = self._type(fields)
        status, certainty = self._status(fields)
        phase = Phase(record.key, geometry_or_raise(ground), days, kind.opens_surface)
        texts: dict[str, Any] = {name: fields.text(name) for name in WORKS_TEXTS}
        return Works(
            source=self.name,
            source_id=record.group,
            owner=owner,
            title=(fields.text("title") or f"{owner} {record.group}")[:TITLE_LENGTH],
            kind=kind.kind,
            certainty=certainty,
            phases=(phase,),
            utilities=fields.several("utilities"),
            specification=fields.several("specification"),
            source_status=status,
            working_days=self._working_days(fields),
            building_id=self._building(record, fields),
            **texts,
        )

    def _repair(self, record: Record, fields: RecordFields, ground: Ground) -> RepairDraft:
        owner = name_of("owner", fields.text("owner"))
        zone = ZoneInfo(self.timezone)
        planned = fields.moment("starts_on", zone) is not None or fields.moment("ends_on", zone) is not None
        days = fields.days(zone) if planned else None
        reported, finished = fields.moment("reported_at", zone), fields.moment("finished_on", zone)
        is_ = self.mapping.repair
        return RepairDraft(
            category=self._meaning(fields, "category", self.mapping.categories, is_.category) or is_.category,
            scope=is_.scope,
            urgency=self._meaning(fields, "urgency", self.mapping.urgencies, is_.urgency) or is_.urgency,
            geometry=geometry_or_raise(ground),
            owner=owner,
            description=fields.text("description") or fields.text("title"),
            reported_at=reported.first if reported else None,
            planned=days,
            latest_on=self._latest(fields, days),
            says_latest=self.mapping.says_latest,
            remark=fields.text("remark"),
            finished_on=self._finish_day(finished, reported),
            source=self.name,
            source_id=record.key,
        )

    def _grounds(self, records: Sequence[Record]) -> dict[int, Ground]:
        """The geometry of each record, by its row: read in sets, one per CRS, or looked up by its address."""
        grounds: dict[int, Ground] = {}
        by_crs: dict[int, list[Record]] = defaultdict(list)
        for record in records:
            if "address" in record.raw:
                grounds[record.row] = self._at_address(*record.raw["address"])
            elif "building" in record.raw:
                grounds[record.row] = self._at_building(record.raw["building"])
            else:
                by_crs[record.raw.get("crs", WGS84)].append(record)
        for crs, some in by_crs.items():
            geometries = [record.raw["geometry"] for record in some]
            read = read_many(
                geometries, field="geometry", crs=crs, region=self.region, repair=True, notes=self.remarks
            )
            grounds.update(zip((record.row for record in some), read, strict=True))
        return grounds

    def _at_address(self, street: str, number: str) -> Ground:
        try:
            return self._addresses.find(street, number) if self._addresses else NOT_LOOKED_UP
        except InvalidInput as refused:
            return refused

    def _at_building(self, name: str) -> Ground:
        try:
            return self._buildings.outline(self._buildings.find(name)) if self._buildings else NOT_LOOKED_UP
        except InvalidInput as refused:
            return refused

    def _building(self, record: Record, fields: RecordFields) -> UUID | None:
        """The building of the works, if the file names one."""
        name = fields.text("building") or record.raw.get("building")
        return self._buildings.find(name) if self._buildings and name else None

    def _working_days(self, fields: RecordFields) -> int | None:
        """The expected duration of the works (days). Without a valid number the whole period counts."""
        text = fields.text("working_days")
        if text is None:
            return None
        days = working_days_of(text)
        if days is not None and 0 < days <= MOST_WORKING_DAYS:
            return days
        self.remarks.unknown("working_days", text)
        return None

    def _latest(self, fields: RecordFields, planned: Period | None) -> date | None:
        """The last day for a repair: from its own column, as a date or in words, otherwise from the remark."""
        text, rules = fields.text("latest_on"), self.mapping.latest
        days = words_of(rules, text, planned) if text else []
        if text and not days:
            latest = fields.moment("latest_on", ZoneInfo(self.timezone))
            return latest.last.date() if latest else None
        days += words_of(rules, fields.text("remark") or "", planned)
        last_days = [day for day in days if day]
        if days and not last_days:
            self.remarks.add("latest_without_days")
        return min(last_days, default=None)

    def _meaning(
        self, fields: RecordFields, name: WordField, words: Vocabulary[Meaning], default: Meaning | None
    ) -> Meaning | None:
        """The meaning of the word of a field, else the default; a word that gets the default is counted. None without either: its row is
        rejected.
        """
        word = fields.text(name)
        meaning = words.get(word) if word else None
        if word and meaning is None and default is not None and words.words:
            self.remarks.unknown(name, word)
        return default if meaning is None else meaning

    def _finish_day(self, finished: DaySpan | None, reported: DaySpan | None) -> date | None:
        """The day on which a repair was finished; a date that stands for "unknown" is none. Raises InvalidInput before its report."""
        day = finished.last.date() if finished else None
        if day is None or day >= self.mapping.dates.open_from:
            return None
        if reported and day < (first := reported.first.date()) - LATE_REPORT:
            words = {"finished": str(day), "reported": str(first)}
            raise InvalidInput.one("finished_on", "finished_before_report", **words)
        return day

    def _type(self, fields: RecordFields) -> TypeRule:
        word = fields.text("type")
        default = self.mapping.type_default
        if default is None and word and "type" in self.remarks.explained:
            default = UNKNOWN_TYPE
        rule = self._meaning(fields, "type", self.mapping.types, default)
        if rule is None:
            raise InvalidInput.one("type", "type_unknown" if word else "type_unknown.none", given=word)
        return rule

    def _status(self, fields: RecordFields) -> tuple[str | None, Certainty]:
        word = fields.text("status")
        default = self.mapping.status_default
        if default is None and word and "status" in self.remarks.explained:
            default = UNKNOWN_STATUS
        certainty = self._meaning(fields, "status", self.mapping.statuses, default)
        if certainty is None:
            raise InvalidInput.one("status", "status_unknown" if word else "status_unknown.none", given=word)
        return word, certainty
