"""GIPOD, the Flemish register of planned works: collection INNAME or INNAME_PUNT of its OGC API, or a saved answer.

One feature is one occurrence (`INNAME.<GipodId>-<YYMMDDHHMM>`) and becomes one phase; occurrences with one GipodId are one works.
Contact persons are removed before anything is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service.domain.crs import WGS84
from geo_service.domain.errors import InvalidInput
from geo_service.domain.works import Phase, Works
from geo_service.intake.formats.geometries import geometry_or_raise, read_many
from geo_service.intake.formats.http_client import BACKOFF_S
from geo_service.intake.records import MAX_NAME, Coverage, GroupResult, Record, Rejection, Remarks, name_of
from geo_service.intake.sources import gipod_hindrances, gipod_values
from geo_service.intake.sources.gipod_hindrances import Hindrances
from geo_service.intake.sources.gipod_transports import (
    COLLECTION,
    FallbackTransport,
    OgcApi,
    SavedPage,
    Transport,
    Wfs,
    is_wfs,
    last_sweep,
)
from geo_service.intake.sources.gipod_values import several, text
from geo_service.intake.sources.versions import Versions
from geo_service.intake.sources.works_of_records import merge
from geo_service.privacy import without_contacts
from geo_service.settings import Bbox

NAME = "gipod"
# Raise when equal features come to mean something else, so that they are read again.
MEANING = "gipod 4"

# What is kept of a feature: everything but ContactOrganisations (names, e-mail, telephone) and what we have never seen.
PROPERTIES = (
    "GipodId", "Uri", "Description", "Reference", "Type", "PublicDomainOccupancyTypes", "Status", "Start", "End", "TimeSchedule",
    "Owner", "OwnerId", "MobilityHindrances", "GroundworkCategory", "GroundworkSpecification", "GroundworkPartOfTrenchSynergy",
    "CreatedOn", "LastModifiedOn",
)  # fmt: skip
DROPPED = ("TypeId", "StatusId", "GroundworkCategoryId", "ContactOrganisations")
FREE_TEXTS = ("Description", "Reference", "TimeSchedule")


@dataclass
class Gipod:
    """GIPOD at `origin`: the root of its OGC API, a collection, its items with a query, a WFS, or a file.

    `fallback` is a WFS for when the OGC API does not answer. `full` reads everything, also soon after a
    complete read.
    """

    origin: str
    region: Bbox
    timezone: str = "Europe/Brussels"
    backoff_s: float = BACKOFF_S
    fallback: str | None = None
    full: bool = False

    remarks: Remarks = field(default_factory=Remarks, init=False)
    _seen_ids: set[str] = field(default_factory=set, init=False)
    _versions: Versions = field(init=False)
    _zone: ZoneInfo = field(init=False)
    _transport: Transport = field(init=False)
    _hindrances: Hindrances = field(init=False)

    name: ClassVar = NAME
    target: ClassVar[Literal["works", "repairs"]] = "works"
    meaning: ClassVar = MEANING
    keeps_past: ClassVar = True  # the open feed shows today … +6 months
    merges_repeats: ClassVar = True

    def __post_init__(self) -> None:
        self._zone = ZoneInfo(self.timezone)
        self._versions = Versions(self.remarks)
        self._transport = self._transport_for(None)
        self._hindrances = Hindrances(lambda collection: self._transport.hindrances(collection), self.remarks)

    @property
    def total(self) -> int | None:
        return self._transport.total

    def prepare(self, conn: sa.Connection) -> None:
        """Choose the transport: it may read only changes since the last complete read."""
        self._transport = self._transport_for(
            None if self.full else last_sweep(conn, NAME, datetime.now(UTC))
        )
        self._hindrances.earlier = gipod_hindrances.consequences_of(conn, NAME)
        self._versions.load(conn, NAME, "properties", "LastModifiedOn")

    def _transport_for(self, since: datetime | None) -> Transport:
        if "://" not in self.origin:
            return SavedPage(self.origin)
        if is_wfs(self.origin):
            return Wfs(self.origin, self.region, self.backoff_s, self.remarks)
        api = OgcApi(self.origin, self.region, self.backoff_s, self.remarks, since)
        if self.fallback is None:
            return api
        wfs = Wfs(self.fallback, self.region, self.backoff_s, self.remarks)
        return FallbackTransport(api, wfs, self.remarks)

    def records(self) -> Iterator[Record | Rejection]:
        for row, (feature, crs) in enumerate(self._transport.features(), 1):
            record = self._record(row, feature, crs)
            if isinstance(record, Record) and self._versions.is_older(record.key, _version_moment(record)):
                continue
            yield record

    def coverage(self) -> Coverage:
        coverage = self._transport.coverage(len(self._seen_ids))
        full = coverage.full and not self.remarks.is_partial
        return replace(coverage, full=full, present=self._versions.older)

    def build(self, groups: Sequence[Sequence[Record]]) -> list[GroupResult]:
        grounds = iter(self._grounds([record.raw for group in groups for record in group]))
        return [self._build([(record, next(grounds)) for record in group]) for group in groups]

    def _grounds(self, features: Sequence[Mapping[str, Any]]) -> list[BaseGeometry | InvalidInput]:
        """The geometries in the order of `features`; one set per CRS is read at once."""
        geometries: dict[int, BaseGeometry | InvalidInput] = {}
        for crs in {one.get("crs", WGS84) for one in features}:
            places = [n for n, one in enumerate(features) if one.get("crs", WGS84) == crs]
            shapes = [features[n]["geometry"] for n in places]
            how: dict[str, Any] = {"field": "geometry", "region": self.region, "repair": True}
            geometries |= zip(places, read_many(shapes, crs=crs, notes=self.remarks, **how), strict=True)
        return [geometries[n] for n in range(len(features))]

    def _build(self, group: Sequence[tuple[Record, BaseGeometry | InvalidInput]]) -> GroupResult:
        """Works with a phase per readable occurrence; of equally certain ones the newest describes them."""
        works: list[Works] = []
        rejections: list[Rejection] = []
        for record, ground in sorted(group, key=lambda pair: _version_moment(pair[0]), reverse=True):
            try:
                works.append(self._works(record, ground))
            except InvalidInput as refused:
                rejections.append(Rejection.of(record.row, record.key, refused))
        if not works:
            return GroupResult(None, rejections)
        consequences = sorted({one for some in works for one in some.consequences})
        return GroupResult(replace(merge(works), consequences=tuple(consequences)), rejections)

    def _record(self, row: int, feature: Any, crs: int) -> Record | Rejection:
        attributes = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(attributes, dict):
            return Rejection(row, None, "not_a_feature", None)
        for name in attributes.keys() - {*PROPERTIES, *DROPPED}:
            self.remarks.add(f"unknown property {name}")
        try:
            gipod_id = name_of("id", text(attributes.get("GipodId")))
            key = name_of(
                "id", text(feature.get("id")) or f"{COLLECTION}.{gipod_id}-{attributes.get('Start')}"
            )
        except InvalidInput as refused:
            return Rejection.of(row, (text(feature.get("id")) or "")[:MAX_NAME] or None, refused)
        properties = {name: _clean_value(name, attributes[name]) for name in PROPERTIES if name in attributes}
        self._seen_ids.add(key)
        raw = {"id": key, "geometry": feature.get("geometry"), "properties": properties}
        if attributes.get("MobilityHindrances") and (consequences := self._hindrances.of(gipod_id)):
            raw["consequences"] = consequences
        if crs != WGS84:
            raw["crs"] = crs
        return Record(row, key, gipod_id, raw)

    def _works(self, record: Record, ground: BaseGeometry | InvalidInput) -> Works:
        properties = record.raw["properties"]
        status, certainty = gipod_values.certainty_of(properties.get("Status"), self.remarks)
        kind = gipod_values.kind_of(properties, self.remarks)
        starts, ends = (gipod_values.instant(properties, name) for name in ("Start", "End"))
        days = gipod_values.period_of(starts, ends, self._zone)
        description = text(properties.get("Description"))
        title = next(
            iter((description or "").splitlines()), f"{properties.get('Type') or kind} {record.group}"
        )
        return Works(
            source=NAME,
            source_id=record.group,
            owner=name_of("owner", text(properties.get("Owner"))),
            title=title.strip()[: gipod_values.TITLE_LENGTH],
            kind=kind,
            certainty=certainty,
            phases=(Phase(record.key, geometry_or_raise(ground), days, opens_surface=kind == "groundworks"),),
            description=description,
            reference=text(properties.get("Reference")),
            category=text(properties.get("GroundworkCategory")),
            utilities=several(properties.get("PublicDomainOccupancyTypes")),
            specification=several(properties.get("GroundworkSpecification")),
            consequences=tuple(record.raw.get("consequences", ())),
            source_status=status,
        )


def _version_moment(record: Record) -> datetime:
    """The moment of the version; without one it is the oldest."""
    stamp = text(record.raw["properties"].get("LastModifiedOn"))
    return gipod_values.moment_of(stamp) or datetime.min.replace(tzinfo=UTC)


def _clean_value(name: str, value: Any) -> Any:
    """The value without contact details and marks of HTML, where it is a free text."""
    if name not in FREE_TEXTS or (words := gipod_values.free_text(value)) is None:
        return value
    return without_contacts(words)
