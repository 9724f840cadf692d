"""Demo works in GIPOD's own clothes: INNAME and HINDER features of its OGC API, and what a later import would bring."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo_service.domain.crs import STORAGE, WGS84

from .diary import BRUSSELS
from .lines import Floats
from .model import City, DemoWork

API = "https://gipod.api.vlaanderen.be/api/v1"
PATHS = {"Grondwerk": "groundworks", "Werk": "works", "Evenement": "events"}
Feature = dict[str, Any]


def to_lon_lat(geometry: BaseGeometry) -> BaseGeometry:
    """The storage CRS to WGS84 lon/lat, 8 decimals (a millimetre)."""

    def change(xy: Floats) -> Floats:
        return np.column_stack(_transformer().transform(xy[:, 0], xy[:, 1])).round(8)

    return shapely.transform(geometry, change)


def feature_id(work: DemoWork) -> str:
    """`INNAME.<GipodId>-<YYMMDDHHMM>`: the start is in UTC, so a work that slips gets another id."""
    return f"INNAME.{work.gipod_id}-{work.starts_at.astimezone(UTC):%y%m%d%H%M}"


def inname_features(city: City, today: date) -> list[Feature]:
    """The INNAME features as GIPOD shows them on `today`: works registered later are not there yet."""
    return [inname_feature(work) for work in city.works if work.created_at.date() <= today]


def hinder_features(city: City, today: date) -> list[Feature]:
    """The HINDER features beside them: what the works mean for those who pass, one zone per hindrance."""
    return [
        _hinder_feature(work, number)
        for work in city.works
        if work.created_at.date() <= today
        for number in work.hindrances
    ]


def inname_feature(work: DemoWork) -> Feature:
    hindrances = ";".join(f"{API}/mobility-hindrances/{number}" for number in work.hindrances) or None
    return {
        "type": "Feature",
        "id": feature_id(work),
        "geometry": mapping(to_lon_lat(work.geometry)),
        "properties": {
            "GipodId": work.gipod_id,
            "Uri": _uri(work),
            "Description": work.description,
            "Reference": work.reference,
            "Type": work.type,
            "TypeId": _taxonomy("entitytypes", work.type),
            "PublicDomainOccupancyTypes": ";".join(work.occupancies),
            "Status": work.status,
            "StatusId": _taxonomy("statuses", work.status),
            "Start": _instant(work.starts_at),
            "End": _instant(work.ends_at),
            "TimeSchedule": work.time_schedule,
            "Owner": work.owner,
            "OwnerId": f"{API}/organisations/{_uuid(work.owner)}",
            "ContactOrganisations": _contact(work),
            "MobilityHindrances": hindrances,
            "GroundworkCategory": work.category,
            "GroundworkCategoryId": _taxonomy("groundworkcategories", work.category)
            if work.category
            else None,
            "GroundworkSpecification": ";".join(work.specification) or None,
            "GroundworkPartOfTrenchSynergy": work.in_synergy,
            "CreatedOn": _instant(work.created_at),
            "LastModifiedOn": _instant(work.modified_at),
        },
    }


def _hinder_feature(work: DemoWork, number: int) -> Feature:
    uri = f"{API}/mobility-hindrances/{number}"
    zone = _uuid(f"zone of {number}")
    return {
        "type": "Feature",
        "id": f"HINDER.{zone}",
        "geometry": mapping(to_lon_lat(work.geometry)),
        "properties": {
            "ZoneId": zone,
            "ZoneType": "HinderZone",
            "ZoneTypeId": _taxonomy("zonetypes", "HinderZone"),
            "SevereHindrance": any(one.startswith("Geen doorgang") for one in work.consequences),
            "Consequences": ";".join(work.consequences),
            "Uri": f"{uri}/zones/{zone}",
            "HindranceGipodId": number,
            "HindranceURI": uri,
            "HindranceConsequenceOf": _uri(work),
            "HindranceDescription": work.description,
            "HindranceOwner": work.owner,
            "HindranceOwnerId": f"{API}/organisations/{_uuid(work.owner)}",
            "HindranceContactOrganisations": _contact(work),
            "HindranceStatus": "Gevalideerd",
            "HindranceStatusId": _taxonomy("statuses", "Gevalideerd"),
            "HindranceStart": _instant(work.starts_at),
            "HindranceEnd": _instant(work.ends_at),
            "HindranceCreatedOn": _instant(work.created_at),
            "HindranceLastModifiedOn": _instant(work.modified_at),
        },
    }


def slipped(features: Sequence[Feature], gipod_id: int, days: int) -> list[Feature]:
    """The next feed, in which one dossier starts and ends so many days later."""

    def later(feature: Feature) -> Feature:
        if feature["properties"]["GipodId"] != gipod_id:
            return feature
        start, end = (_days_later(feature["properties"][key], days) for key in ("Start", "End"))
        properties = feature["properties"] | {"Start": _instant(start), "End": _instant(end)}
        return feature | {"id": f"INNAME.{gipod_id}-{start:%y%m%d%H%M}", "properties": properties}

    return [later(feature) for feature in features]


def with_status(features: Sequence[Feature], gipod_id: int, status: str) -> list[Feature]:
    """The next feed, in which one dossier has another status, such as `Niet uitgevoerd`."""
    change = {"Status": status, "StatusId": _taxonomy("statuses", status)}
    return [
        feature | {"properties": feature["properties"] | change}
        if feature["properties"]["GipodId"] == gipod_id
        else feature
        for feature in features
    ]


def without(features: Sequence[Feature], gipod_id: int) -> list[Feature]:
    """The next feed, from which one dossier has vanished without a word."""
    return [feature for feature in features if feature["properties"]["GipodId"] != gipod_id]


def _days_later(instant: str, days: int) -> datetime:
    """By the clock in Brussels, so that a midnight stays a midnight when summer time begins or ends."""
    local = datetime.fromisoformat(instant).astimezone(BRUSSELS)
    return (local + timedelta(days=days)).astimezone(UTC)


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _contact(work: DemoWork) -> str:
    """Invented personal data, there to prove that an importer leaves it out."""
    number = work.gipod_id % 900 + 100
    return (
        f"Dossierbeheerder: {work.owner}, Voornaam{number} Voorbeeld, voornaam{number}.voorbeeld@example.org, "
        f"000 00 0{number // 100} {number % 100:02d}, https://example.org;"
    )


def _uri(work: DemoWork) -> str:
    return f"{API}/{PATHS[work.type]}/{work.gipod_id}"


def _uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.org/demo/{name}"))


def _taxonomy(kind: str, label: str) -> str:
    return f"{API}/taxonomies/{kind}/{_uuid(label)}"


@cache
def _transformer() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(STORAGE, WGS84, always_xy=True)
