"""Find where the rows of a file lie (a geometry, or columns with coordinates or an address), and in which CRS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo_service.domain import geometry
from geo_service.domain.crs import NAMES, WGS84
from geo_service.intake.assistant import columns as guess
from geo_service.intake.assistant.meanings import Translate
from geo_service.intake.formats import files
from geo_service.intake.formats.raw_record import RawRecord, ReadOptions
from geo_service.intake.mapping.places import GEOJSON_FORMS, first_place, number_of
from geo_service.settings import Settings


def where(
    origin: str,
    how: ReadOptions,
    records: Sequence[RawRecord],
    columns: Sequence[guess.Column],
    settings: Settings,
    doubts: list[str],
    translate: Translate,
) -> dict[str, Any]:
    """The location for a proposal: the geometry of the rows, or columns with a place; and the CRS where the
    file names none.
    """
    with_geometry = next(
        (one for one in records if isinstance(one.record, dict) and one.record.get("geometry")), None
    )
    if with_geometry is not None:
        if with_geometry.crs is not None or files.form_at(origin, how) in GEOJSON_FORMS:
            return {"crs": None if with_geometry.crs in (None, WGS84) else with_geometry.crs}
        x, y = first_place(with_geometry.record["geometry"])
        return {"crs": _recognised(x, y, settings, doubts, translate)}
    place = guess.place_of(columns)
    if not place:
        doubts.append(translate("assistant.place"))
        return {}
    if "x" not in place:
        return {"place": place, "crs": None}
    by_name = {column.name: column for column in columns}
    pairs = zip(by_name[place["x"]].values, by_name[place["y"]].values, strict=True)
    numbers = ((number_of(a), number_of(b)) for a, b in pairs)
    x, y = next((a, b) for a, b in numbers if a is not None and b is not None)
    return {"place": place, "crs": _recognised(x, y, settings, doubts, translate)}


def _recognised(
    x: float, y: float, settings: Settings, doubts: list[str], translate: Translate
) -> int | None:
    crs = geometry.recognised_crs(x, y, settings.region_bbox)
    at = {"x": f"{x:g}", "y": f"{y:g}"}
    if crs is None:
        doubts.append(translate("assistant.crs_unknown", **at))
    else:
        doubts.append(translate("assistant.crs_looks", name=NAMES[crs], crs=str(crs), **at))
    return crs
