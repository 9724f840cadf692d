"""A publisher whose records get new ids: its mapping, a record of it, and what the database says of them afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from shapely import box
from shapely.geometry.base import BaseGeometry

from geo_service.domain import geometry
from geo_service.domain.crs import WGS84
from geo_service.intake.importer import Report

TODAY = date(2026, 9, 1)
Rows = Callable[[str], list[Any]]
Decide = Callable[..., None]
PUBLISHERS = {"repairs": "renewals", "works": "jobs"}
"""The fixture of each target."""

MAPPING = """
about = "test"
source = "{source}"
target = "{target}"
status_default = "planned"
type_default = {{ kind = "groundworks", opens_surface = true }}
[fields]
id = {{ from = ["id"] }}
owner = {{ from = ["owner"] }}
title = {{ from = ["street"] }}
starts_on = {{ from = ["from"] }}
ends_on = {{ from = ["to"] }}
"""


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


def zone(x: float = 0, length_m: float = 40, y: float = 0) -> BaseGeometry:
    return box(67_000 + x, 179_000 + y, 67_000 + x + length_m, 179_002 + y)


def record(
    id_: str,
    days: tuple[int, int] = (30, 60),
    ground: BaseGeometry | None = None,
    owner: str = "Stad Izegem",
) -> dict[str, Any]:
    """A record of the publisher; `days` count from today, both included."""
    shape = geometry.to_geojson(zone() if ground is None else ground, WGS84)
    told = {"id": id_, "owner": owner, "street": "Nieuwstraat", "from": day(days[0]), "to": day(days[1])}
    return {"type": "Feature", "geometry": shape, "properties": told}


class Publisher:
    """A source whose whole list is read again and again."""

    def __init__(self, take_in: Callable[..., Report], folder: Path, target: str, source: str) -> None:
        self._take_in, self._folder, self.target = take_in, folder, target
        self._mapping = folder / f"{source}.toml"
        self._mapping.write_text(MAPPING.format(source=source, target=target), encoding="utf-8")

    def shows(self, *records: dict[str, Any], **how: Any) -> Report:
        """Import these records and no others."""
        file = self._folder / "list.geojson"
        listed = {"type": "FeatureCollection", "features": records}
        file.write_text(json.dumps(listed), encoding="utf-8")
        return self._take_in(self.target, file, mapping=str(self._mapping), **how)


SUGGESTED = "SELECT old_source_id, new_source_id, starts_moved FROM renumberings WHERE status = 'suggested' ORDER BY 1"
LIVE = "SELECT source_id, lower(planned)::text FROM repairs WHERE deleted_at IS NULL ORDER BY 1"
OPEN = "SELECT rule_id FROM conflicts WHERE status NOT IN ('expired', 'withdrawn') AND NOT shadow ORDER BY 1"
ALERTS = "SELECT type FROM alerts ORDER BY seq"
