"""GIPOD's event stream of mobility hindrances. It holds every version of a hindrance; the newest counts.
A version that ends a hindrance may hold little more than its id.

A hindrance occupies ground and opens nothing; its consequences for traffic are stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

import shapely
import sqlalchemy as sa
from shapely.errors import ShapelyError

from geo_service.domain.crs import STORAGE
from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.domain.works import Certainty, Phase, Works
from geo_service.intake.formats.geometries import geometry_or_raise, read_many
from geo_service.intake.formats.http_client import BACKOFF_S
from geo_service.intake.formats.ldes import pages
from geo_service.intake.mapping.vocabulary import Vocabulary
from geo_service.intake.records import Coverage, GroupResult, Record, Rejection, Remarks, name_of
from geo_service.intake.sources import gipod_values, schedules
from geo_service.intake.sources.gipod_events import members
from geo_service.intake.sources.versions import Versions
from geo_service.intake.sources.works_of_records import UNKNOWN_STATUS
from geo_service.settings import Bbox
from geo_service.store.tables import source_records

NAME = "gipod-ldes"
ADDRESS = "https://private-api.gipod.vlaanderen.be/api/v1/ldes/mobility-hindrances"
# Raise when equal members come to mean something else, so that they are read again.
MEANING = "gipod-ldes 4"

# Imported from GIPOD's predecessor, everything is Onbekend: it was planned there.
CERTAINTIES: Vocabulary[Certainty] = Vocabulary({
    "In opmaak": "indicative",
    "Gevalideerd": "planned",
    "Onbekend": "planned",
    "Geannuleerd": "cancelled",
})  # fmt: skip
DELETED = "MobilityHindranceWasDeleted"
ZONE_REMOVED = "MobilityHindranceZoneWasRemoved"
ENDING = "/ending"
"""Behind the id: the key of a version that ends its hindrance and omits its ground, owner or days. An older version has them."""
EVENTS = ("Event", "Evenement")
MOST_PHASES = 1000

_WKT = re.compile(r"\s*(?:<[^>]*/(\d+)/?>)?\s*(.+)", re.DOTALL)


@dataclass
class GipodLdes:
    """The stream at `origin`: a server, or a saved page (JSON, Turtle, N-Quads)."""

    origin: str
    region: Bbox
    timezone: str = "Europe/Brussels"
    backoff_s: float = BACKOFF_S

    remarks: Remarks = field(default_factory=Remarks, init=False)
    _zone: ZoneInfo = field(init=False)
    _since: datetime | None = field(default=None, init=False)
    _versions: Versions = field(init=False)
    _stored: dict[str, list[dict[str, Any]]] = field(default_factory=dict, init=False)
    """The stored versions by the id of their hindrance."""

    name: ClassVar = NAME
    target: ClassVar[Literal["works", "repairs"]] = "works"
    meaning: ClassVar = MEANING
    keeps_past: ClassVar = False
    merges_repeats: ClassVar = True
    total: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        self._zone = ZoneInfo(self.timezone)
        self._versions = Versions(self.remarks)

    def prepare(self, conn: sa.Connection) -> None:
        """Load the stored versions, and the moment until which the stream was read; older pages are skipped."""
        self._versions.load(conn, NAME, "generatedAtTime")
        stored = sa.select(source_records.c.record_key, source_records.c.raw)
        for key, raw in conn.execute(stored.where(source_records.c.source == NAME)):
            self._stored.setdefault(key.removesuffix(ENDING), []).append(raw)
        moments = [_at(raw) for some in self._stored.values() for raw in some]
        self._since = max(moments, default=None)

    def records(self) -> Iterator[Record | Rejection]:
        """Each version that is newer than the earlier ones of its hindrance, in any order of pages."""
        stream = pages(self.origin, since=self._since, backoff_s=self.backoff_s)
        for row, member in enumerate((one for page in stream for one in members(page)), start=1):
            record = self._record(row, member)
            if isinstance(record, Record) and self._versions.is_older(record.key, _at(record.raw)):
                continue
            yield record

    def coverage(self) -> Coverage:
        """Never full: a deleted hindrance has a version that says so."""
        return Coverage(full=False)

    def build(self, groups: Sequence[Sequence[Record]]) -> list[GroupResult]:
        newest = [self._newest(group) for group in groups]
        zones = [zone for record in newest for zone in record.raw["zones"]]
        shapes: list[dict[str, Any] | None] = []
        errors: dict[int, InvalidInput] = {}
        for place, zone in enumerate(zones):
            try:
                shapes.append(_geojson(zone.get("wkt")))
            except InvalidInput as wrong:
                errors[place] = wrong
                shapes.append(None)
        read = read_many(
            shapes, field="geometry", crs=STORAGE, region=self.region, repair=True, notes=self.remarks
        )
        grounds = iter(errors.get(place, ground) for place, ground in enumerate(read))
        return [self._build(record, [next(grounds) for _ in record.raw["zones"]]) for record in newest]

    def _newest(self, group: Sequence[Record]) -> Record:
        """The newest version of a hindrance. What its ending omits is that of the newest version before."""
        stored = self._stored.get(group[0].group, ())
        versions = sorted([*stored, *(record.raw for record in group)], key=_at)
        last = versions[-1]
        record = max(group, key=lambda one: _at(one.raw))
        entire = next((one for one in reversed(versions) if not _omits_ground(one)), None)
        if entire is None or not _omits_ground(last):
            return replace(record, raw=last)
        state = {name: last[name] for name in ("status", "event", "generatedAtTime")}
        return replace(record, raw={**entire, **state, "ended": True})

    def _record(self, row: int, member: Mapping[str, Any]) -> Record | Rejection:
        key = None
        try:
            key = name_of("id", gipod_values.text(member.get("gipodId")))
            _instant("generatedAtTime", member.get("generatedAtTime"))
        except InvalidInput as refused:
            return Rejection.of(row, key, refused)
        ending = ENDING if _ends(member) and _omits_ground(member) else ""
        return Record(row, f"{key}{ending}", key, dict(member))

    def _build(self, record: Record, grounds: Sequence[Any]) -> GroupResult:
        try:
            return GroupResult(self._works(record, grounds))
        except InvalidInput as refused:
            return GroupResult(None, [Rejection.of(record.row, record.group, refused)])

    def _works(self, record: Record, grounds: Sequence[Any]) -> Works:
        values = record.raw
        owner = name_of("owner", gipod_values.text(values.get("owner")))
        status, certainty = self._certainty(values)
        description = gipod_values.text(values.get("description"))
        zones = values["zones"]
        consequences = [one for zone in zones for one in zone["consequences"] if one]
        title = (description or f"Hinder {record.group}").splitlines()[0].strip()
        return Works(
            source=NAME,
            source_id=record.group,
            owner=owner,
            title=title[: gipod_values.TITLE_LENGTH],
            kind="event" if any(cause in EVENTS for cause in values["causes"]) else "works",
            certainty=certainty,
            phases=self._phases(record.group, zones, grounds, self._periods(values)),
            description=description,
            consequences=tuple(dict.fromkeys(consequences)),
            source_status=status,
        )

    def _phases(
        self, id_: str, zones: Sequence[Mapping[str, Any]], grounds: Sequence[Any], periods: Sequence[Period]
    ) -> tuple[Phase, ...]:
        """A phase per zone and period. A zone that cannot be used costs only itself, with a remark, where another one can."""
        if not zones:
            raise InvalidInput.one("zone", "zone_missing")
        if len(zones) * len(periods) > MOST_PHASES:
            raise InvalidInput.one(
                "period", "too_many.zones", limit=MOST_PHASES, zones=len(zones), periods=len(periods)
            )
        readable = [place for place, ground in enumerate(grounds) if not isinstance(ground, InvalidInput)]
        if readable and len(readable) < len(zones):
            self.remarks.zones_left_out[id_] = len(zones) - len(readable)
        return tuple(
            Phase(
                f"{zones[place]['id'] or place}/{period.starts_on:%y%m%d}",
                geometry_or_raise(grounds[place]),
                period,
                opens_surface=False,
            )
            for place in readable or range(len(zones))
            for period in periods
        )

    def _certainty(self, values: Mapping[str, Any]) -> tuple[str, Certainty]:
        """The status and its certainty; a new word counts as planned, with a remark. Raises InvalidInput without a word."""
        status = gipod_values.text(values.get("status"))
        if values.get("event") == DELETED:
            return "verwijderd", "cancelled"
        if values.get("ended"):
            return status or "zonder zone", "cancelled"
        if status is None:
            raise InvalidInput.one("status", "status_unknown.known", given="", known=list(CERTAINTIES.words))
        certainty = CERTAINTIES.get(status)
        if certainty is None:
            self.remarks.unknown("status", status)
        return status, certainty or UNKNOWN_STATUS

    def _periods(self, values: Mapping[str, Any]) -> list[Period]:
        """The days of each period and of each occurrence of the schedule, each once, in order."""
        moments = [
            (_instant("period", starts), _instant("period", ends)) for starts, ends in values["periods"]
        ]
        if values.get("timeSchedule"):
            moments += schedules.occurrences(values["timeSchedule"], self._zone)
        if not moments:
            raise InvalidInput.one("period", "period_missing")
        days = {gipod_values.period_of(starts, ends, self._zone) for starts, ends in moments}
        first_of_day = {
            period.starts_on: period
            for period in sorted(days, key=lambda one: (one.starts_on, one.ends_on or one.starts_on))
        }
        return list(first_of_day.values())


def _at(values: Mapping[str, Any]) -> datetime:
    """The moment of a version."""
    return _instant("generatedAtTime", values.get("generatedAtTime"))


def _ends(values: Mapping[str, Any]) -> bool:
    """Whether a version ends its hindrance: it is deleted or cancelled, or its last zone is removed."""
    event, status = values.get("event"), gipod_values.text(values.get("status"))
    no_zone_left = event == ZONE_REMOVED and not values["zones"]
    return event == DELETED or no_zone_left or CERTAINTIES.get(status or "") == "cancelled"


def _omits_ground(values: Mapping[str, Any]) -> bool:
    """Whether a version lacks what works need: an owner, a zone with a geometry, or days."""
    zones = any(zone.get("wkt") for zone in values["zones"])
    days = values.get("periods") or values.get("timeSchedule")
    return not (zones and days and gipod_values.text(values.get("owner")))


def _instant(name: str, value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(_seconds(str(value)))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        reason = "date_missing.instant" if value is None else "date_invalid"
        raise InvalidInput.one(name, reason, name=name, given=str(value)[:60]) from None


def _seconds(text: str) -> str:
    """A moment with six decimals; GIPOD writes seven."""
    return re.sub(r"(\.\d{6})\d+", r"\1", text)


def _geojson(wkt: Any) -> dict[str, Any]:
    """A geometry in Lambert 72. A zone without a CRS is in it as well: 796 of 987 zones of the test stream."""
    match = _WKT.fullmatch(wkt) if isinstance(wkt, str) else None
    if match is None:
        raise InvalidInput.one("geometry", "geometry_missing.zone")
    if match[1] not in (None, str(STORAGE)):
        raise InvalidInput.one("geometry", "crs_not_supported.zone", given=f"EPSG:{match[1]}", crs=STORAGE)
    try:
        return dict(shapely.geometry.mapping(shapely.from_wkt(match[2])))
    except (ShapelyError, ValueError) as error:
        raise InvalidInput.one("geometry", "geometry_malformed.zone", error=str(error)) from None
