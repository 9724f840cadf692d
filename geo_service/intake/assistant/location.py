"""Find where the rows of a file lie (a geometry, or columns with coordinates or an address), and in which CRS."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from geo_service.domain import geometry
from geo_service.domain.crs import NAMES, WGS84
from geo_service.intake.assistant import columns as guess
from geo_service.intake.assistant.meanings import Translate
from geo_service.intake.formats import files, wkt_wkb
from geo_service.intake.formats.raw_record import RawRecord, ReadOptions
from geo_service.intake.mapping.coordinates import coordinate_of, coordinate_pair
from geo_service.intake.mapping.places import GEOJSON_FORMS, first_place
from geo_service.settings import Settings

MOST_DEGREES = 180.0


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
    shapes = [one for one in records if isinstance(one.record, dict) and one.record.get("geometry")]
    if shapes:
        places = [(one, first_place(one.record["geometry"])) for one in shapes]
        with_geometry, (x, y) = next((one for one in places if all(map(math.isfinite, one[1]))), places[0])
        is_geojson = files.form_at(origin, how) in GEOJSON_FORMS
        if with_geometry.crs is not None:
            return {"crs": None if is_geojson and with_geometry.crs == WGS84 else with_geometry.crs}
        if is_geojson and max(abs(x), abs(y)) <= MOST_DEGREES:
            return {"crs": None}
        return {"crs": _recognised(x, y, settings, doubts, translate)}
    place = guess.place_of(columns)
    if not place:
        doubts.append(translate("assistant.place"))
        return {}
    by_name = {column.name: column for column in columns}
    if "wkt" in place:
        return {
            "place": place,
            "crs": _crs_of_texts(by_name[place["wkt"]].filled, settings, doubts, translate),
        }
    if "x" not in place:
        return {"place": place, "crs": None}
    pairs = zip(by_name[place["x"]].values, by_name[place["y"]].values, strict=True)
    numbers = ((coordinate_of(a), coordinate_of(b)) for a, b in pairs)
    x, y = next(((a, b) for a, b in numbers if a is not None and b is not None), (math.nan, math.nan))
    if geometry.recognised_crs(x, y, settings.region_bbox) is None:
        turned = geometry.recognised_crs(y, x, settings.region_bbox)
        if turned is not None:
            doubts.append(translate("assistant.turned", x=place["x"], y=place["y"]))
            place |= {"x": place["y"], "y": place["x"]}
            x, y = y, x
    return {"place": place, "crs": _recognised(x, y, settings, doubts, translate)}


def _crs_of_texts(
    texts: Sequence[str], settings: Settings, doubts: list[str], translate: Translate
) -> int | None:
    """The CRS of the first geometry that a column of texts holds; None where the text names its own."""
    for text in texts:
        try:
            shape = wkt_wkb.from_text(text)
        except wkt_wkb.InvalidGeometry:
            continue
        if shape.srid is not None:
            return None
        return _recognised(*first_place(shape.geojson), settings, doubts, translate)
    pairs = [match for text in texts if (match := coordinate_pair(text))]
    if not pairs:
        return None
    first, second = (float(one.replace(",", ".")) for one in pairs[0].groups())
    if geometry.recognised_crs(second, first, settings.region_bbox) == WGS84:
        return None  # latitude and longitude
    return _recognised(first, second, settings, doubts, translate)


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
