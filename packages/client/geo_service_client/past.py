"""What was known at a moment, read from the event streams of the service (LDES): the newest state of each thing that was published by then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import shapely

from geo_service_client.frames import EARTH

Node = Mapping[str, Any]
Stream = Literal["works", "repairs", "conflicts"]
COLUMNS: Mapping[Stream, Sequence[str]] = {
    "works": (
        "id", "source", "source_id", "owner", "owner_group", "kind", "category", "certainty", "starts_on", "ends_on", "published_at",
    ),
    "repairs": (
        "id", "number", "owner", "owner_group", "category", "scope", "urgency", "status", "starts_on", "ends_on", "verdict", "held", "until",
        "finished_on", "published_at",
    ),
    "conflicts": (
        "id", "number", "rule", "severity", "status", "opportunity", "works_ids", "repair_id", "starts_on", "ends_on", "published_at",
    ),
}  # fmt: skip
DAYS = ("starts_on", "ends_on", "until", "finished_on")
TRUTHS = ("held", "opportunity")
GONE = ("expired", "withdrawn")
FOR_GOOD = "9999-12-31"
"""The end of a period that has none."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the service knew before the instant `until`. Each frame is in EPSG:4326 with days and instants as datetime64; periods are half-open.

    `published_at` is when a state was published, within a minute of the change. A stream begins with its first publication: of the time before
    that nothing is known, and nothing comes back. Titles, descriptions and remarks are not in a stream, because a page of it is for good.
    """

    until: datetime
    read: Callable[[str], Node]

    def works(self) -> gpd.GeoDataFrame:
        """Works that were not deleted, one row per phase."""
        rows = ((row, wkt) for member in self._members("works") for row, wkt in _works(member))
        return _frame("works", rows)

    def repairs(self) -> gpd.GeoDataFrame:
        """Repairs that were not deleted, with the advice that held (`verdict`, `held`, `until`: first free day)."""
        return _frame("repairs", map(_repair, self._members("repairs")))

    def conflicts(self) -> gpd.GeoDataFrame:
        """Conflicts and opportunities that were live, with the days that both sides share."""
        frame = _frame("conflicts", map(_conflict, self._members("conflicts")))
        return frame[~frame["status"].isin(GONE)].reset_index(drop=True)

    def _members(self, stream: Stream) -> list[Node]:
        """The newest state of each thing before `until`, without those that were deleted by then."""
        states: dict[str, Node] = {}
        for member in self._published(stream):
            states[member["dct:isVersionOf"]["@id"]] = member
        return [one for one in states.values() if one["@type"] != "as:Delete"]

    def _published(self, stream: Stream) -> Iterator[Node]:
        """The members in the order of publication, page by page, up to `until`."""
        page = self.read(f"/ldes/{stream}")["tree:view"]["@id"]
        while page:
            graph, node = self.read(urlsplit(page).path)["@graph"]
            for member in graph["tree:member"]:
                if _instant(member["prov:generatedAtTime"]["@value"]) >= self.until:
                    return
                yield member
            page = node.get("tree:relation", {}).get("tree:node", {}).get("@id")


def end_of(moment: date | datetime | str, zone: str) -> datetime:
    """Return the instant before which something must have been published: that of a datetime, or the end of a day in this time zone.

    Raises ValueError for a text that is neither.
    """
    if isinstance(moment, str):
        moment = (
            date.fromisoformat(moment) if len(moment) == len("2026-01-01") else datetime.fromisoformat(moment)
        )
    if not isinstance(moment, datetime):
        midnight = datetime.combine(moment + timedelta(days=1), datetime.min.time())
        return midnight.replace(tzinfo=ZoneInfo(zone))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _works(member: Node) -> Iterator[tuple[dict[str, Any], str]]:
    source, _, source_id = member["adms:identifier"]["skos:notation"].partition(":")
    fields = {
        **_occupation(member), "source": source, "source_id": source_id, "kind": _code(member["mob:Inname.type"]),
        "category": _code(member.get("mob:Grondwerk.categorie")), "certainty": _code(member["adms:status"]),
    }  # fmt: skip
    zones, stays = member["mob:Inname.innamezone"], member["m8g:appliesToPeriodOfTime"]
    for zone, stay in zip(zones, stays, strict=True):
        yield {**fields, **_days(stay)}, _wkt(zone)


def _repair(member: Node) -> tuple[dict[str, Any], str]:
    [zone] = member["mob:Inname.innamezone"]
    stays = member.get("m8g:appliesToPeriodOfTime", [])
    until = member.get("geo:freeFrom")
    fields = {
        **_occupation(member), "number": member["adms:identifier"]["skos:notation"], "category": _code(member["geo:category"]),
        "scope": _code(zone["mob:Innamezone.type"]), "urgency": _code(member["geo:urgency"]), "status": _code(member["adms:status"]),
        "verdict": _code(member.get("geo:verdict")), "held": until is not None, "until": until and until["@value"],
        "finished_on": member.get("geo:finishedOn", {}).get("@value"), **(_days(stays[0]) if stays else {}),
    }  # fmt: skip
    return fields, _wkt(zone)


def _conflict(member: Node) -> tuple[dict[str, Any], str]:
    things = [one["@id"].removeprefix("api:").split("/") for one in member["dct:relation"]]
    fields = {
        **_state(member), "number": member["adms:identifier"]["skos:notation"], "rule": _code(member["mob:RuimtelijkConflict.type"]),
        "severity": _code(member["org:classification"]), "status": _code(member["adms:status"]),
        "opportunity": member["@type"] == "mob:Synergie", "works_ids": [id_ for name, id_ in things if name == "works"],
        "repair_id": next((id_ for name, id_ in things if name == "repairs"), None), **_days(member["dct:temporal"]),
    }  # fmt: skip
    return fields, member["locn:geometry"]["gsp:asWKT"]["@value"]


def _state(member: Node) -> dict[str, Any]:
    thing = member["dct:isVersionOf"]["@id"]
    return {
        "id": thing.rpartition("/")[2],
        "published_at": _instant(member["prov:generatedAtTime"]["@value"]),
    }


def _occupation(member: Node) -> dict[str, Any]:
    owner = member["mob:beheerder"]
    return {**_state(member), "owner": owner["foaf:name"], "owner_group": _code(owner)}


def _code(concept: Node | None) -> str | None:
    """The code of `geo:scheme-code`; None and `unknown` are no code."""
    code = None if concept is None else unquote(concept["@id"].partition("-")[2])
    return None if code == "unknown" else code


def _days(period: Node) -> dict[str, str | None]:
    end = period["gen:Tijdsinterval.einde"]["@value"]
    return {
        "starts_on": period["gen:Tijdsinterval.begin"]["@value"],
        "ends_on": None if end == FOR_GOOD else end,
    }


def _wkt(zone: Node) -> str:
    text: str = zone["locn:geometry"]["gsp:asWKT"]["@value"]
    return text


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _frame(stream: Stream, rows: Iterable[tuple[Mapping[str, Any], str]]) -> gpd.GeoDataFrame:
    pairs = list(rows)
    table = pd.DataFrame([fields for fields, _ in pairs], columns=list(COLUMNS[stream]))
    for name in DAYS:
        if name in table:
            table[name] = pd.to_datetime(table[name])
    for name in TRUTHS:
        if name in table:
            table[name] = table[name].astype("boolean")
    table["published_at"] = pd.to_datetime(table["published_at"], utc=True)
    return gpd.GeoDataFrame(table, geometry=shapely.from_wkt([wkt for _, wkt in pairs]), crs=EARTH)
