"""GIPOD's event stream of mobility hindrances. It holds every version of a hindrance; the newest counts.

A hindrance occupies ground and opens nothing; its consequences for traffic are stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from geo_service.intake.sources import gipod, schedules
from geo_service.intake.sources.gipod_events import members
from geo_service.settings import Bbox
from geo_service.store.tables import source_records

NAME = "gipod-ldes"
ADDRESS = "https://private-api.gipod.vlaanderen.be/api/v1/ldes/mobility-hindrances"
# Raise when equal members come to mean something else, so that they are read again.
MEANING = "gipod-ldes 2"

# Imported from GIPOD's predecessor, everything is Onbekend: it was planned there.
CERTAINTIES: Vocabulary[Certainty] = Vocabulary({
    "In opmaak": "indicative",
    "Gevalideerd": "planned",
    "Onbekend": "planned",
    "Geannuleerd": "cancelled",
})  # fmt: skip
DELETED = "MobilityHindranceWasDeleted"
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

    name: ClassVar = NAME
    target: ClassVar[Literal["works", "repairs"]] = "works"
    meaning: ClassVar = MEANING
    keeps_past: ClassVar = False
    merges_repeats: ClassVar = True
    total: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        self._zone = ZoneInfo(self.timezone)

    def prepare(self, conn: sa.Connection) -> None:
        """Load the moment until which the stream was read; older pages are skipped."""
        newest = sa.func.max(source_records.c.raw["generatedAtTime"].astext)
        newest_seen = conn.scalar(sa.select(newest).where(source_records.c.source == NAME))
        self._since = None if newest_seen is None else _instant("generatedAtTime", newest_seen)

    def records(self) -> Iterator[Record | Rejection]:
        """Each version that is newer than the earlier ones of its hindrance, in any order of pages."""
        newest: dict[str, datetime] = {}
        row = 0
        for page in pages(self.origin, since=self._since, backoff_s=self.backoff_s):
            for member in members(page):
                row += 1
                record = self._record(row, member)
                if isinstance(record, Record):
                    at = _instant("generatedAtTime", record.raw["generatedAtTime"])
                    if record.key in newest and newest[record.key] > at:
                        row -= 1
                        self.remarks.add("an older version after a newer one")
                        continue
                    newest[record.key] = at
                yield record

    def coverage(self) -> Coverage:
        """Never full: a deleted hindrance has a version that says so."""
        return Coverage(full=False)

    def build(self, groups: Sequence[Sequence[Record]]) -> list[GroupResult]:
        zones = [(record, zone) for [record] in groups for zone in record.raw["zones"]]
        shapes: list[dict[str, Any] | None] = []
        errors: dict[int, InvalidInput] = {}
        for place, (_, zone) in enumerate(zones):
            try:
                shapes.append(_geojson(zone.get("wkt")))
            except InvalidInput as wrong:
                errors[place] = wrong
                shapes.append(None)
        read = read_many(
            shapes, field="geometry", crs=STORAGE, region=self.region, repair=True, notes=self.remarks
        )
        grounds = iter(errors.get(place, ground) for place, ground in enumerate(read))
        return [self._built(record, [next(grounds) for _ in record.raw["zones"]]) for [record] in groups]

    def _record(self, row: int, member: Mapping[str, Any]) -> Record | Rejection:
        key = None
        try:
            key = name_of("id", gipod.text(member.get("gipodId")))
            _instant("generatedAtTime", member.get("generatedAtTime"))
        except InvalidInput as refused:
            return Rejection.of(row, key, refused)
        return Record(row, key, key, dict(member))

    def _built(self, record: Record, grounds: Sequence[Any]) -> GroupResult:
        try:
            return GroupResult(self._works(record, grounds))
        except InvalidInput as refused:
            return GroupResult(None, [Rejection.of(record.row, record.key, refused)])

    def _works(self, record: Record, grounds: Sequence[Any]) -> Works:
        values = record.raw
        owner = name_of("owner", gipod.text(values.get("owner")))
        status, certainty = self._certainty(values)
        description = gipod.text(values.get("description"))
        zones = values["zones"]
        consequences = [one for zone in zones for one in zone["consequences"] if one]
        title = (description or f"Hinder {record.key}").splitlines()[0].strip()
        return Works(
            source=NAME,
            source_id=record.key,
            owner=owner,
            title=title[: gipod.TITLE_LENGTH],
            kind="event" if any(cause in EVENTS for cause in values["causes"]) else "works",
            certainty=certainty,
            phases=self._phases(zones, grounds, self._periods(values)),
            description=description,
            consequences=tuple(dict.fromkeys(consequences)),
            source_status=status,
        )

    def _phases(
        self, zones: Sequence[Mapping[str, Any]], grounds: Sequence[Any], periods: Sequence[Period]
    ) -> tuple[Phase, ...]:
        if not zones:
            raise InvalidInput.one("zone", "zone_missing")
        if len(zones) * len(periods) > MOST_PHASES:
            raise InvalidInput.one(
                "period", "too_many.zones", limit=MOST_PHASES, zones=len(zones), periods=len(periods)
            )
        return tuple(
            Phase(
                f"{zone['id'] or place}/{period.starts_on:%y%m%d}",
                geometry_or_raise(ground),
                period,
                opens_surface=False,
            )
            for place, (zone, ground) in enumerate(zip(zones, grounds, strict=True))
            for period in periods
        )

    def _certainty(self, values: Mapping[str, Any]) -> tuple[str, Certainty]:
        status = gipod.text(values.get("status")) or ""
        if values.get("event") == DELETED:
            return "verwijderd", "cancelled"
        certainty = CERTAINTIES.get(status)
        if certainty is None:
            raise InvalidInput.one(
                "status", "status_unknown.known", given=status, known=list(CERTAINTIES.words)
            )
        return status, certainty

    def _periods(self, values: Mapping[str, Any]) -> list[Period]:
        """The days of each period and of each occurrence of the schedule, each once, in order."""
        moments = [
            (_instant("period", starts), _instant("period", ends)) for starts, ends in values["periods"]
        ]
        if values.get("timeSchedule"):
            moments += schedules.occurrences(values["timeSchedule"])
        if not moments:
            raise InvalidInput.one("period", "period_missing")
        days = {gipod.period_of(starts, ends, self._zone) for starts, ends in moments}
        first_of_day = {
            period.starts_on: period
            for period in sorted(days, key=lambda one: (one.starts_on, one.ends_on or one.starts_on))
        }
        return list(first_of_day.values())


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
