"""The Excel export of GIPOD's web pages: works as points, also those that the open feed omits (niet-concreet gepland).

A point does not show which ground is opened. So the works stay `indicative` (they advise and hold nothing) unless the address in their
description is a stored house near that point. Feed and export share their numbers, so one number is one works in both. A point never
overwrites a geometry of the feed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service.domain.addresses import house_in
from geo_service.domain.crs import STORAGE
from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.domain.works import Certainty, Phase, Works, WorksKind
from geo_service.intake.base_maps.addresses import AddressBook
from geo_service.intake.formats import files, wkt_wkb
from geo_service.intake.formats.geometries import geometry_or_raise, read_many
from geo_service.intake.formats.raw_record import UnreadableValue
from geo_service.intake.mapping import days
from geo_service.intake.mapping.coordinates import number_of
from geo_service.intake.mapping.tables import Dates
from geo_service.intake.records import Coverage, GroupResult, Record, Rejection, Remarks, name_of
from geo_service.intake.sources import gipod, gipod_values
from geo_service.intake.sources.works_of_records import UNKNOWN_KIND
from geo_service.privacy import without_contacts
from geo_service.settings import Bbox
from geo_service.store.tables import source_records, works

NAME = "gipod-excel"
SHEET = "resultaten"
# Raise when equal rows come to mean something else, so that they are read again.
MEANING = "gipod-excel 2"
AGREES_WITHIN_M = 30.0
"""The largest distance from the point to the house of the address (m)."""

COLUMNS = (
    "Id", "Referentie", "Status", "Start", "Einde", "Categorie", "Beschrijving", "Locatie", "Beheerder", "Soort", "Type", "VGW uitgestuurd",
)  # fmt: skip
NEEDED = ("Id", "Status", "Start", "Einde", "Locatie", "Beheerder")
FREE_TEXTS = ("Beschrijving", "Referentie")
FORMATS = Dates(
    formats=(
        "iso",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%d/%m/%Y",
        "%d-%m-%Y %H:%M",
        "%d-%m-%Y",
        "%d.%m.%Y",
        "%d.%m.%Y %H:%M",
        "excel",
    )
)
SURE_ENOUGH: tuple[Certainty, ...] = ("indicative", "done", "cancelled")

_POINT = re.compile(
    r"POINT\s*Z?\s*\(\s*(-?[\d.,]*\d)(?:\s+|,\s*)(-?[\d.,]*\d)(?:\s+-?[\d.,]+)?\s*\)", re.IGNORECASE
)
"""A point with decimal points or commas; between its numbers stands a space or a comma."""


@dataclass
class GipodExcel:
    """The workbook at `origin`, a file or an address."""

    origin: str
    region: Bbox
    timezone: str = "Europe/Brussels"

    remarks: Remarks = field(default_factory=Remarks, init=False)
    _addresses: AddressBook = field(default_factory=AddressBook, init=False)
    _in_feed: set[str] = field(default_factory=set, init=False)
    _zone: ZoneInfo = field(init=False)

    name: ClassVar = NAME
    target: ClassVar[Literal["works", "repairs"]] = "works"
    keeps_past: ClassVar = True  # the result of a search, never everything
    merges_repeats: ClassVar = False
    total: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        self._zone = ZoneInfo(self.timezone)

    @property
    def meaning(self) -> str:
        feed_digest = hashlib.sha256("\n".join(sorted(self._in_feed)).encode()).hexdigest()
        return f"{MEANING} {self._addresses.meaning} {feed_digest}"

    def prepare(self, conn: sa.Connection) -> None:
        """Load the addresses of the city, and the works that the feed has or had."""
        self._addresses = AddressBook.load(conn)
        records = sa.select(source_records.c.works_id).where(source_records.c.works_id == works.c.id)
        by_export = records.where(source_records.c.source == NAME).exists()
        by_feed = records.where(source_records.c.source == gipod.NAME).exists()
        in_feed = sa.select(works.c.source_id).where(works.c.source == gipod.NAME, by_feed | ~by_export)
        self._in_feed = set(conn.scalars(in_feed))

    def records(self) -> Iterator[Record | Rejection]:
        how = files.ReadOptions(form="xlsx", sheet=SHEET, sheet_or_only=True)
        for row, raw in enumerate(files.read(self.origin, how, self.remarks), start=1):
            if isinstance(raw, files.InvalidRow):
                yield Rejection(row, None, raw.reason, raw.field, raw.params, raw.line)
                continue
            cells: Mapping[str, Any] = raw.record["properties"]
            if row == 1:
                self._check_columns(cells)
            yield self._record(row, cells, raw.line)

    def coverage(self) -> Coverage:
        return Coverage(full=False)

    def build(self, groups: Sequence[Sequence[Record]]) -> list[GroupResult]:
        records = [record for [record] in groups]
        shapes: list[dict[str, Any] | None] = []
        errors: dict[int, InvalidInput] = {}
        for place, record in enumerate(records):
            try:
                shapes.append(_ground(record.raw.get("Locatie")))
            except InvalidInput as wrong:
                errors[place] = wrong
                shapes.append(None)
        grounds = read_many(shapes, field="Locatie", crs=STORAGE, region=self.region)
        return [
            self._build(record, errors.get(place, grounds[place])) for place, record in enumerate(records)
        ]

    def _check_columns(self, cells: Mapping[str, Any]) -> None:
        missing = [name for name in NEEDED if name not in cells]
        if missing:
            raise InvalidInput.one("origin", "columns_missing", sheet=SHEET, columns=missing)
        for name in cells.keys() - set(COLUMNS):
            self.remarks.add(f"unknown column {name}")

    def _record(self, row: int, cells: Mapping[str, Any], line: int | None) -> Record | Rejection:
        values = {name: cells[name] for name in COLUMNS if cells.get(name) not in (None, "")}
        wrong = next(
            (one.as_row(name, line) for name, one in values.items() if isinstance(one, UnreadableValue)), None
        )
        if wrong is not None:
            key = gipod_values.text(values.get("Id")) if isinstance(values.get("Id"), str | int) else None
            return Rejection(row, key, wrong.reason, wrong.field, wrong.params, line)
        for name in FREE_TEXTS:
            if isinstance(values.get(name), str):
                values[name] = without_contacts(values[name])
        try:
            key = name_of("id", gipod_values.text(values.get("Id")))
        except InvalidInput as refused:
            return Rejection.of(row, None, refused, line)
        return Record(row, key, key, values, line)

    def _build(self, record: Record, ground: BaseGeometry | InvalidInput) -> GroupResult:
        try:
            if record.key in self._in_feed:
                raise InvalidInput.one("Id", "in_the_feed", given=record.key)
            return GroupResult(self._works(record, geometry_or_raise(ground)))
        except InvalidInput as refused:
            return GroupResult(None, [Rejection.of(record.row, record.key, refused, record.line)])

    def _works(self, record: Record, ground: BaseGeometry) -> Works:
        values = record.raw
        owner = name_of("owner", gipod_values.text(values.get("Beheerder")))
        status, certainty = gipod_values.certainty_of(values.get("Status"), self.remarks)
        kind, utilities = _kind(values, self.remarks)
        period = self._days(values)
        description = gipod_values.text(values.get("Beschrijving"))
        if certainty not in SURE_ENOUGH and not self._agrees(description, ground):
            certainty = "indicative"
        title = (description or f"{owner} {record.key}").splitlines()[0].strip()
        return Works(
            source=gipod.NAME,
            source_id=record.key,
            owner=owner,
            title=title[: gipod_values.TITLE_LENGTH],
            kind=kind,
            certainty=certainty,
            phases=(Phase(record.key, ground, period, opens_surface=kind == "groundworks"),),
            description=description,
            reference=gipod_values.text(values.get("Referentie")),
            category=gipod_values.text(values.get("Categorie")),
            utilities=utilities,
            source_status=status,
        )

    def _agrees(self, description: str | None, ground: BaseGeometry) -> bool:
        """Whether the description names a stored house near the point."""
        house = house_in(description or "")
        if house is None:
            self.remarks.add("no address in the description: indicative")
            return False
        try:
            near = self._addresses.find(*house).distance(ground) <= AGREES_WITHIN_M
        except InvalidInput:
            near = False
        if not near:
            self.remarks.add("the address is not at the point: indicative")
        return near

    def _days(self, values: Mapping[str, Any]) -> Period:
        """The period; an end without a time includes its day."""
        starts, ends = (
            self._moment(name, gipod_values.text(values.get(name))) for name in ("Start", "Einde")
        )
        if ends.time() == datetime.min.time() and ends.date() < date.max:
            ends += timedelta(days=1)
        return gipod_values.period_of(starts, ends, self._zone)

    def _moment(self, name: str, text: str | None) -> datetime:
        """A moment in the zone of the city, from an Excel date or from the text of the page."""
        if text is None:
            raise InvalidInput.one(name, "date_missing", name=name)
        return days.read(name, text, FORMATS, self._zone).first


def _kind(values: Mapping[str, Any], remarks: Remarks) -> tuple[WorksKind, tuple[str, ...]]:
    """The kind of works: one of *Type* and *Soort* names Grondwerk, Werk or Evenement, the other the
    utilities. Two new words open the surface, with a remark. Raises InvalidInput without a word.
    """
    words = [gipod_values.text(values.get(name)) or "" for name in ("Type", "Soort")]
    for place, word in enumerate(words):
        if kind := gipod_values.KINDS.get(word):
            return kind, gipod_values.several(words[1 - place])
    if not any(words):
        raise InvalidInput.one(
            "Type", "type_unknown.workbook", given="", type="", kind="", known=list(gipod_values.KINDS.words)
        )
    remarks.unknown("type", " / ".join(word for word in words if word))
    return UNKNOWN_KIND, gipod_values.several(words[1])


def _ground(value: Any) -> dict[str, Any] | None:
    """The ground of a text in Lambert 72, with or without its SRID; None without a text. Raises InvalidInput about `Locatie`."""
    text = gipod_values.text(value)
    if text is None:
        return None
    match = _POINT.fullmatch(text)
    if match and (x := number_of(match[1])) is not None and (y := number_of(match[2])) is not None:
        return {"type": "Point", "coordinates": [x, y]}
    try:
        shape = wkt_wkb.from_text(text)
    except wkt_wkb.InvalidGeometry:
        raise InvalidInput.one("Locatie", "geometry_malformed.given", given=text[:40]) from None
    if shape.srid not in (None, STORAGE):
        raise InvalidInput.one("Locatie", "crs_not_supported.zone", given=f"EPSG:{shape.srid}", crs=STORAGE)
    return shape.geojson
