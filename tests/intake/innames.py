"""GIPOD features for tests, in metres and days around a point in Izegem."""

from datetime import UTC, datetime
from typing import Any

from shapely import box

from geo_service.domain import geometry

CONTACT = (
    "Dossierbeheerder: Proximus, Jan Peeters, jan.peeters@example.org, 0470 12 34 56, https://example.org;"
)


def ground(x: float = 0, y: float = 0, length_m: float = 20) -> dict[str, Any]:
    """A strip one metre wide, `x` metres east of the point."""
    return geometry.to_geojson(box(68_700 + x, 179_100 + y, 68_700 + x + length_m, 179_101 + y))


def inname(
    gipod_id: int = 20_000_001,
    start: str = "2026-10-01T05:00:00Z",
    end: str = "2026-10-09T15:00:00Z",
    *,
    x: float = 0,
    shape: Any = None,
    **more: Any,
) -> dict[str, Any]:
    """One occurrence; `more` are properties, None leaves one out."""
    properties = {
        "GipodId": gipod_id,
        "Uri": f"https://gipod.api.vlaanderen.be/api/v1/groundworks/{gipod_id}",
        "Description": "8870 Izegem, Melkmarkt\nPlaatsen leidingen - 12m",
        "Reference": "PX-1",
        "Type": "Grondwerk",
        "PublicDomainOccupancyTypes": "Telecom",
        "Status": "Concreet gepland",
        "Start": start,
        "End": end,
        "Owner": "Proximus Area 2.1",
        "ContactOrganisations": CONTACT,
        "GroundworkCategory": "Categorie 3",
        "GroundworkSpecification": "distributienet;klantaansluiting",
        "LastModifiedOn": "2026-08-01T08:00:00Z",
    } | more
    return {
        "type": "Feature",
        "id": f"INNAME.{gipod_id}-{_stamp(start)}",
        "geometry": ground(x) if shape is None else shape,
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def _stamp(start: str) -> str:
    try:
        return f"{datetime.fromisoformat(start).astimezone(UTC):%y%m%d%H%M}"
    except ValueError:
        return "0000000000"
