"""GIPOD, the Flemish register of planned works: collection INNAME or INNAME_PUNT of its OGC API, or a saved answer.

One feature is one occurrence (`INNAME.<GipodId>-<YYMMDDHHMM>`) and becomes one phase; occurrences with one GipodId are one works.
Contact persons are removed before anything is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service.domain.crs import WGS84
from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.domain.works import Certainty, Phase, Works, WorksKind
from geo_service.intake.formats.geometries import geometry_or_raise, read_many
from geo_service.intake.formats.http_client import BACKOFF_S
from geo_service.intake.mapping.vocabulary import Vocabulary
from geo_service.intake.records import MAX_NAME, Coverage, GroupResult, Record, Rejection, Remarks, name_of
from geo_service.intake.sources import gipod_hindrances
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
from geo_service.privacy import without_contacts
from geo_service.settings import Bbox

NAME = "gipod"
# Raise when equal features come to mean something else, so that they are read again.
MEANING = "gipod 1"

# What is kept of a feature: everything but ContactOrganisations (names, e-mail, telephone) and what we have never seen.
PROPERTIES = (
    "GipodId", "Uri", "Description", "Reference", "Type", "PublicDomainOccupancyTypes", "Status", "Start", "End", "TimeSchedule",
    "Owner", "OwnerId", "MobilityHindrances", "GroundworkCategory", "GroundworkSpecification", "GroundworkPartOfTrenchSynergy",
    "CreatedOn", "LastModifiedOn",
)  # fmt: skip
DROPPED = ("TypeId", "StatusId", "GroundworkCategoryId", "ContactOrganisations")
FREE_TEXTS = ("Description", "Reference", "TimeSchedule")

KINDS: Vocabulary[WorksKind] = Vocabulary({"Grondwerk": "groundworks", "Werk": "works", "Evenement": "event"})
CERTAINTIES: Vocabulary[Certainty] = Vocabulary({
    "Niet-concreet gepland": "indicative",
    "Concreet gepland": "planned",
    "In uitvoering": "in_progress",
    "Lopende": "in_progress",
    "Uitgevoerd": "done",
    "Afgelopen": "done",
    "Niet uitgevoerd": "cancelled",
    "Geannuleerd": "cancelled",
})  # fmt: skip
TITLE_LENGTH = 200


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
        self._transport = self._chosen(None)
        self._hindrances = Hindrances(lambda collection: self._transport.hindrances(collection), self.remarks)

    @property
    def total(self) -> int | None:
        return self._transport.total

    def prepare(self, conn: sa.Connection) -> None:
        """Choose the transport: it may read only changes since the last complete read."""
        self._transport = self._chosen(None if self.full else last_sweep(conn, NAME, datetime.now(UTC)))
        self._hindrances.earlier = gipod_hindrances.stored(conn, NAME)

    def _chosen(self, since: datetime | None) -> Transport:
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
        for row, (feature, crs) in enumerate(self._transport.features(), start=1):
            yield self._record(row, feature, crs)

    def coverage(self) -> Coverage:
        return self._transport.coverage(len(self._seen_ids))

    def build(self, groups: Sequence[Sequence[Record]]) -> list[GroupResult]:
        grounds = iter(self._grounds([record.raw for group in groups for record in group]))
        return [self._built([(record, next(grounds)) for record in group]) for group in groups]

    def _grounds(self, features: Sequence[Mapping[str, Any]]) -> list[BaseGeometry | InvalidInput]:
        """The geometries in the order of `features`; one set per CRS is read at once."""
        geometries: dict[int, BaseGeometry | InvalidInput] = {}
        for crs in {one.get("crs", WGS84) for one in features}:
            places = [n for n, one in enumerate(features) if one.get("crs", WGS84) == crs]
            shapes = [features[n]["geometry"] for n in places]
            how: dict[str, Any] = {"field": "geometry", "region": self.region, "repair": True}
            geometries |= zip(places, read_many(shapes, crs=crs, notes=self.remarks, **how), strict=True)
        return [geometries[n] for n in range(len(features))]

    def _built(self, group: Sequence[tuple[Record, BaseGeometry | InvalidInput]]) -> GroupResult:
        phases: list[Phase] = []
        rejections: list[Rejection] = []
        readable: list[Record] = []
        for record, ground in group:
            try:
                _status(record.raw["properties"])
                phases.append(self._phase(record, ground))
                readable.append(record)
            except InvalidInput as refused:
                rejections.append(Rejection.of(record.row, record.key, refused))
        if not readable:
            return GroupResult(None, rejections)
        newest = max(readable, key=lambda record: str(record.raw["properties"].get("LastModifiedOn") or ""))
        consequences = sorted({one for record in readable for one in record.raw.get("consequences", ())})
        return GroupResult(_works(newest.group, newest.raw["properties"], phases, consequences), rejections)

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

    def _phase(self, record: Record, ground: BaseGeometry | InvalidInput) -> Phase:
        properties = record.raw["properties"]
        kind = _kind(properties)
        days = _days(properties, self._zone)
        return Phase(record.key, geometry_or_raise(ground), days, opens_surface=kind == "groundworks")


def period_of(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Period:
    """The days of an occurrence in the zone of the city.

    An end at 23:59 or later includes its day; an end at midnight does not. The shortest works take one day.
    """
    try:
        starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    except OverflowError:
        text_of_period = f"{starts_at.isoformat()} … {ends_at.isoformat()}"
        raise InvalidInput.one("End", "date_invalid.calendar", given=text_of_period) from None
    if ends_at < starts_at:
        figures = {"starts": f"{starts:%Y-%m-%d %H:%M}", "ends": f"{ends:%Y-%m-%d %H:%M}"}
        raise InvalidInput.one("End", "ends_before_start.starts", **figures)
    midnight = ends.time() == datetime.min.time()
    last: date = ends.date() - timedelta(days=1) if midnight else ends.date()
    return Period(starts.date(), max(last, starts.date()) + timedelta(days=1))


def _works(
    gipod_id: str, properties: Mapping[str, Any], phases: Sequence[Phase], consequences: Sequence[str]
) -> Works:
    description = text(properties.get("Description"))
    kind = _kind(properties)
    status, certainty = _status(properties)
    lines = (description or "").splitlines()
    return Works(
        source=NAME,
        source_id=gipod_id,
        owner=_owner(properties),
        title=lines[0].strip()[:TITLE_LENGTH] if lines else f"{properties['Type']} {gipod_id}",
        kind=kind,
        certainty=certainty,
        phases=tuple(phases),
        description=description,
        reference=text(properties.get("Reference")),
        category=text(properties.get("GroundworkCategory")),
        utilities=several(properties.get("PublicDomainOccupancyTypes")),
        specification=several(properties.get("GroundworkSpecification")),
        consequences=tuple(consequences),
        source_status=status,
    )


def _kind(properties: Mapping[str, Any]) -> WorksKind:
    word = text(properties.get("Type")) or ""
    kind = KINDS.get(word)
    if kind is None:
        raise InvalidInput.one("Type", "type_unknown.gipod", given=word, known=list(KINDS.words))
    return kind


def _status(properties: Mapping[str, Any]) -> tuple[str, Certainty]:
    """The status of works and its certainty; it also checks the owner."""
    _owner(properties)
    return certainty_of(properties.get("Status"))


def certainty_of(status: Any) -> tuple[str, Certainty]:
    """A status in GIPOD's words, and its certainty. Raises InvalidInput about an unknown one."""
    word = text(status) or ""
    certainty = CERTAINTIES.get(word)
    if certainty is None:
        raise InvalidInput.one("Status", "status_unknown.gipod", given=word, known=list(CERTAINTIES.words))
    return word, certainty


def _owner(properties: Mapping[str, Any]) -> str:
    return name_of("owner", text(properties.get("Owner")))


def _days(properties: Mapping[str, Any], zone: ZoneInfo) -> Period:
    return period_of(_instant(properties, "Start"), _instant(properties, "End"), zone)


def _instant(properties: Mapping[str, Any], name: str) -> datetime:
    """A moment of GIPOD, which is in UTC with or without a Z."""
    stamp = text(properties.get(name))
    if stamp is None:
        raise InvalidInput.one(name, "date_missing", name=name)
    try:
        moment = datetime.fromisoformat(stamp)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput.one(name, "date_invalid", given=stamp, name=name) from None


def _clean_value(name: str, value: Any) -> Any:
    return without_contacts(value) if name in FREE_TEXTS and isinstance(value, str) else value


def several(value: Any) -> tuple[str, ...]:
    """A list of GIPOD, split at `;`, because names contain commas."""
    return tuple(part.strip() for part in (text(value) or "").split(";") if part.strip())


def text(value: Any) -> str | None:
    """Text without surrounding space; None when it is empty."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    return str(value).strip() or None
