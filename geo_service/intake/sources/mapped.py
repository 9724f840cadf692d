"""Any other city's works and repairs: files of GeoJSON or JSON lines, read as a mapping file says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from shapely.geometry.base import BaseGeometry

from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.domain.repairs import RepairDraft
from geo_service.domain.works import Certainty, Phase, Works
from geo_service.intake.formats import files
from geo_service.intake.geometries import read_many, sound
from geo_service.intake.privacy import without_contacts
from geo_service.intake.records import Built, Record, Rejection, Remarks, Sweep, name_of
from geo_service.intake.sources.mapping import Dates, FieldRule, TypeRule, load_mapping, names
from geo_service.intake.sources.mapping import Mapping as MappingFile
from geo_service.settings import Bbox

__all__ = ["Mapped", "load_mapping", "names", "parse_day"]

# Raise when the same mapping comes to mean something else, so that records are read again.
MEANING = "mapped 1"
FREE_TEXTS = ("title", "description", "reference")
TITLE_LENGTH = 200


@dataclass
class Mapped:
    """The records of the file or address `origin`, as `mapping` reads them."""

    mapping: MappingFile
    origin: str
    region: Bbox
    timezone: str = "Europe/Brussels"

    remarks: Remarks = field(default_factory=Remarks, init=False)

    keeps_past: ClassVar = False
    merges_repeats: ClassVar = False
    total: ClassVar[int | None] = None

    @property
    def name(self) -> str:
        """As the mapping names the source."""
        return self.mapping.source

    @property
    def target(self) -> Literal["works", "repairs"]:
        return self.mapping.target

    @property
    def meaning(self) -> str:
        return f"{MEANING} {self.mapping.meaning}"

    def records(self) -> Iterator[Record | Rejection]:
        for row, given in enumerate(files.read(self.origin, self.mapping.form), start=1):
            yield self._record(row, given)

    def sweep(self) -> Sweep:
        return Sweep(full=self.mapping.full)

    def build(self, groups: Sequence[Sequence[Record]]) -> list[Built]:
        records = [record for [record] in groups]
        grounds = read_many(
            [record.raw["geometry"] for record in records],
            field="geometry",
            crs=self.mapping.crs,
            region=self.region,
            repair=True,
            notes=self.remarks,
        )
        return [self._built(record, ground) for record, ground in zip(records, grounds, strict=True)]

    def _built(self, record: Record, ground: BaseGeometry | InvalidInput) -> Built:
        told = _Told(self.mapping, record.raw["properties"])
        try:
            self._skip(record.raw["properties"])
            make = self._works if self.target == "works" else self._repair
            return Built(make(record, told, ground))
        except InvalidInput as refused:
            return Built(None, [Rejection.of(record.row, record.key, refused)])

    def _record(self, row: int, given: Any) -> Record | Rejection:
        if isinstance(given, files.NotARecord):
            return Rejection(row, None, "not_json", None, f"this line is no JSON: {given}")
        properties = _at(given, self.mapping.properties) if isinstance(given, dict) else None
        if not isinstance(properties, dict):
            return Rejection(row, None, "not_a_record", None, "this is no record with properties")
        rules = [self.mapping.fields[text] for text in FREE_TEXTS if text in self.mapping.fields]
        texts = {name for rule in rules for name in rule.from_}
        kept = {}
        for name in self.mapping.read_properties():
            value = _at(properties, name)
            kept[name] = without_contacts(value) if name in texts and isinstance(value, str) else value
        try:
            key = name_of("id", _Told(self.mapping, kept).text("id"))
        except InvalidInput as refused:
            return Rejection.of(row, None, refused)
        return Record(row, key, key, {"properties": kept, "geometry": _at(given, self.mapping.geometry)})

    def _skip(self, properties: Mapping[str, Any]) -> None:
        for rule in self.mapping.skip:
            if rule.matches(_plain(properties.get(rule.field))):
                raise InvalidInput.one(rule.field, rule.code, rule.message)

    def _works(self, record: Record, told: _Told, ground: BaseGeometry | InvalidInput) -> Works:
        owner = name_of("owner", told.text("owner"))
        days = self._days(told)
        kind = self._type(told)
        status, certainty = self._status(told)
        phase = Phase(record.key, sound(ground), days, kind.opens_surface)
        return Works(
            source=self.name,
            source_id=record.key,
            owner=owner,
            title=(told.text("title") or f"{owner} {record.key}")[:TITLE_LENGTH],
            kind=kind.kind,
            certainty=certainty,
            phases=(phase,),
            description=told.text("description"),
            reference=told.text("reference"),
            category=told.text("category"),
            utilities=told.several("utilities"),
            specification=told.several("specification"),
            source_status=status,
        )

    def _repair(self, record: Record, told: _Told, ground: BaseGeometry | InvalidInput) -> RepairDraft:
        owner = name_of("owner", told.text("owner"))
        planned = (
            None if told.text("starts_on") is None and told.text("ends_on") is None else self._days(told)
        )
        reported = told.text("reported_at")
        zone = ZoneInfo(self.timezone)
        is_ = self.mapping.repair
        return RepairDraft(
            category=is_.category,
            scope=is_.scope,
            urgency=is_.urgency,
            geometry=sound(ground),
            owner=owner,
            description=told.text("description") or told.text("title"),
            reported_at=parse_day("reported_at", reported, self.mapping.dates, zone) if reported else None,
            planned=planned,
            source=self.name,
            source_id=record.key,
        )

    def _days(self, told: _Told) -> Period:
        dates, zone = self.mapping.dates, ZoneInfo(self.timezone)
        starts = parse_day("starts_on", told.text("starts_on"), dates, zone)
        ends = parse_day("ends_on", told.text("ends_on"), dates, zone)
        if ends.date() >= dates.open_from:
            message = f"the end {ends:%Y-%m-%d} means that nobody knows the end: no period to plan with"
            raise InvalidInput.one("ends_on", "end_open", message)
        if ends < starts:
            message = f"ends ({ends:%Y-%m-%d %H:%M}) before it starts ({starts:%Y-%m-%d %H:%M})"
            raise InvalidInput.one("ends_on", "ends_before_start", message)
        last_is_free = dates.end == "excluded" or (dates.end == "instant" and ends.time() == time.min)
        free = ends.date() + timedelta(days=0 if last_is_free else 1)
        return Period(starts.date(), max(free, starts.date() + timedelta(days=1)))

    def _type(self, told: _Told) -> TypeRule:
        given = told.text("type")
        rule = self.mapping.type.get(given or "", self.mapping.type_default)
        if rule is None:
            raise InvalidInput.one(
                "type", "type_unknown", f"the type {given!r} is not in the mapping", given=given
            )
        return rule

    def _status(self, told: _Told) -> tuple[str | None, Certainty]:
        given = told.text("status")
        certainty = self.mapping.status.get(given or "", self.mapping.status_default)
        if certainty is None:
            message = f"the status {given!r} is not in the mapping"
            raise InvalidInput.one("status", "status_unknown", message, given=given)
        return given, certainty


@dataclass(frozen=True, slots=True)
class _Told:
    """What a record says of each of our fields."""

    mapping: MappingFile
    properties: Mapping[str, Any]

    def text(self, field: str) -> str | None:
        """The first value that is not empty, or the mapping's constant."""
        rule = self.mapping.fields.get(field)
        found = self._found(rule) if rule else None
        return self.mapping.constants.get(field) if found is None else found

    def several(self, field: str) -> tuple[str, ...]:
        rule = self.mapping.fields.get(field)
        parts = (self.text(field) or "").split(rule.separator if rule and rule.separator else ";")
        return tuple(part.strip() for part in parts if part.strip())

    def _found(self, rule: FieldRule) -> str | None:
        for name in rule.from_:
            value = _plain(self.properties.get(name))
            if value in self.mapping.dates.empty:
                continue
            if rule.pattern is None:
                return value
            if match := re.search(rule.pattern, value):
                return match[1]
        return None


def parse_day(field: str, given: str | None, dates: Dates, zone: ZoneInfo) -> datetime:
    """A moment where the city is; a day alone is its midnight. Raises InvalidInput about `field`."""
    if given is None:
        raise InvalidInput.one(field, "date_missing", f"there is no {field}")
    for form in dates.formats:
        try:
            moment = datetime.fromisoformat(given) if form == "iso" else datetime.strptime(given, form)
            return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
        except (ValueError, OverflowError):
            continue
    raise InvalidInput.one(
        field, "date_invalid", f"{field} {given!r} is no day as {' or '.join(dates.formats)}"
    )


def _at(value: Any, path: str) -> Any:
    """`location.geometry` of nested objects; None where there is nothing."""
    for name in path.split(".") if path else ():
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _plain(value: Any) -> str:
    """Text as people would read it: lists joined, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(_plain(one) for one in value)
    return str(value).strip()
