"""DXF for the drawing office: outlines in metres, a layer for each owner and certainty, the days as text beside them."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ezdxf
import shapely
from ezdxf import colors
from ezdxf.addons import geo
from ezdxf.document import Drawing
from ezdxf.enums import TextEntityAlignment
from ezdxf.lldxf.validator import make_table_key
from ezdxf.math import Vec3
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo_service.domain import crs as crs_codes
from geo_service.domain.period import ONE_DAY
from geo_service.exports import styles
from geo_service.exports.layout import Layout, Rows, pieces
from geo_service.exports.values import for_cell
from geo_service.presentation import fields as words
from geo_service.presentation.drawings import APPLICATION

HATCH, POLYLINE = geo.PolygonConversion.HATCH, geo.PolygonConversion.POLYLINE
MOST_ROWS = 20_000
"""A drawing is built in memory, and AutoCAD opens it there."""
TEXT_M = 0.5
"""The height of a text (m)."""
LAYERS: Mapping[str, tuple[str, ...]] = {
    "works": ("owner", "certainty"),
    "repairs": ("owner", "status"),
    "conflicts": ("rule", "severity"),
    "protections": ("owner", "kind"),
    "buildings": ("function",),
    "pavements": ("kind",),
}
"""The fields whose values name the layer."""
LABELS: Mapping[str, tuple[str, ...]] = {
    "works": ("source_id", "starts_on", "ends_on"),
    "repairs": ("number", "starts_on", "ends_on"),
    "conflicts": ("number", "b_stated_starts_on", "b_stated_ends_on"),
    "protections": ("number", "laid_on", "until"),
    "buildings": ("street", "house_number"),
    "pavements": ("code", "material"),
}
"""The fields whose values stand beside the ground; of a period the last day, as people say it."""
FORBIDDEN = str.maketrans(dict.fromkeys('<>/\\":;?*|=,`', "_"))
MOST_OF_NAME = 240
"""Letters in the name of a layer: AutoCAD takes 255, and `-TEXT` follows."""
MOST_LETTERS = 255
"""Of a text in the data of an entity (bytes, in UTF-8)."""
AXES = """<Axis uom="METER"><CoordinateSystemAxis><AxisOrder>1</AxisOrder><AxisName>Easting</AxisName>\
<AxisAbbreviation>E</AxisAbbreviation><AxisDirection>east</AxisDirection></CoordinateSystemAxis>\
<CoordinateSystemAxis><AxisOrder>2</AxisOrder><AxisName>Northing</AxisName>\
<AxisAbbreviation>N</AxisAbbreviation><AxisDirection>north</AxisDirection></CoordinateSystemAxis></Axis>"""


def write(rows: Rows, layout: Layout) -> Generator[bytes]:
    """DXF of AutoCAD 2010 and later."""
    drawing = ezdxf.new("R2010", units=6)
    drawing.appids.add(APPLICATION)
    _state_crs(drawing, layout.crs)
    for batch in rows:
        for row in batch:
            _draw(drawing, row, layout)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.dxf"
        drawing.saveas(path)
        yield from pieces(path)


def _draw(drawing: Drawing, row: Mapping[str, Any], layout: Layout) -> None:
    """The outlines of one row with its data, and its days beside them."""
    layer = _layer(drawing, row, layout)
    space, own = drawing.modelspace(), row["geometry"]
    for entity in _outlines(own, layer):
        space.add_entity(entity)
        entity.set_xdata(APPLICATION, list(_data(row, layout)))
    text = _label(row, layout)
    if text:
        at = shapely.point_on_surface(own)
        label = space.add_text(text, height=TEXT_M, dxfattribs={"layer": f"{layer}-TEXT"})
        label.set_placement((at.x, at.y), align=TextEntityAlignment.MIDDLE_CENTER)


def _outlines(shape: BaseGeometry, layer: str) -> Iterator[Any]:
    """Closed polylines; ground with holes is a hatch, whose holes stay holes."""
    for part in getattr(shape, "geoms", (shape,)):
        if hasattr(part, "geoms"):
            yield from _outlines(part, layer)
            continue
        kind = HATCH if getattr(part, "interiors", ()) else POLYLINE
        flat = geo.GeoProxy.parse(mapping(shapely.force_2d(part)))
        yield from flat.to_dxf_entities(polygon=kind, dxfattribs={"layer": layer})


def _layer(drawing: Drawing, row: Mapping[str, Any], layout: Layout) -> str:
    """The name of the layer of a row; the layer and that of its texts are made at first use."""
    translator = layout.translator
    codes = [row[field] for field in LAYERS[layout.collection]]
    parts = [
        str(words.value(layout.collection, field, code, translator) or "-")
        for field, code in zip(LAYERS[layout.collection], codes, strict=True)
    ]
    title = "-".join((translator.text(f"ogc.collection.{layout.collection}"), *parts))
    plain = "".join(letter for letter in " ".join(title.split()) if letter.isprintable())
    name = plain.translate(FORBIDDEN)[:MOST_OF_NAME]
    for each in (name, f"{name}-TEXT"):
        if make_table_key(each) not in drawing.layers:
            drawing.layers.add(each, true_color=colors.rgb2int(styles.colour(layout.collection, codes[-1])))
    return name


def _label(row: Mapping[str, Any], layout: Layout) -> str:
    values = [
        row[field] - ONE_DAY if field.endswith("ends_on") and row[field] else row[field]
        for field in LABELS[layout.collection]
    ]
    return " ".join(str(for_cell(value)) for value in values if value is not None).replace("\n", " ")


def _data(row: Mapping[str, Any], layout: Layout) -> Iterator[tuple[int, str]]:
    """`name=value` of each field, as extended data, which our own importer reads again; days as text."""
    for name in layout.fields:
        value = for_cell(row[name])
        if value is not None:
            text = value.isoformat() if isinstance(value, date) else str(value)
            plain = f"{name}={' '.join(text.split())}"
            yield 1000, plain.encode()[:MOST_LETTERS].decode(errors="ignore")


def _state_crs(drawing: Drawing, crs: int) -> None:
    """As AutoCAD Map 3D says which CRS a drawing has."""
    data = drawing.modelspace().new_geodata()
    data.setup_local_grid(design_point=Vec3(0, 0), reference_point=Vec3(0, 0))
    data.coordinate_system_definition = (
        f'<?xml version="1.0" encoding="UTF-16" standalone="no" ?><Dictionary version="1.0">'
        f'<ProjectedCoordinateSystem id="EPSG:{crs}"><Name>{crs_codes.NAMES[crs]}</Name>{AXES}</ProjectedCoordinateSystem>'
        f'<Alias id="{crs}" type="CoordinateSystem"><ObjectId>EPSG:{crs}</ObjectId><Namespace>EPSG Code</Namespace></Alias>'
        f"</Dictionary>"
    )
