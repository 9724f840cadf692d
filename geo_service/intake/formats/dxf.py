"""Read DXF drawings of AutoCAD and other programs: each entity with a geometry is a record with its layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import ezdxf
from ezdxf import bbox, units
from ezdxf.addons import geo
from ezdxf.lldxf.const import DXFError

from geo_service.domain.errors import GeoServiceError, SourceUnreachable
from geo_service.intake.formats.damage import incomplete
from geo_service.intake.formats.raw_record import InvalidRow, RawRecord, ReadOptions, Remarks, Row
from geo_service.presentation.drawings import APPLICATION

MOST_BYTES = 512 << 20
"""The largest drawing (bytes), which is read into memory; that of a city has some tens of megabytes."""
CURVE_M = 0.05
"""The largest distance of a line from its arc or spline (m)."""
WITHOUT_GROUND = {
    "TEXT", "MTEXT", "DIMENSION", "LEADER", "MLEADER", "MULTILEADER", "VIEWPORT", "IMAGE", "ATTDEF", "TOLERANCE", "WIPEOUT",
    "ACAD_TABLE", "OLE2FRAME", "XLINE", "RAY",
}  # fmt: skip
FURTHEST_M = 10_000_000
"""No projection of Belgium has coordinates beyond this (m): a drawing that has is in the smaller unit that it
names. Most that name millimetres are in metres, as AutoCAD's own template names them.
"""
MOST_MEASURED = 100
"""The number of entities that are measured for that."""
SMALL_UNITS = (units.MM, units.CM, units.DM)
DEEPEST = 8
MOST_PARTS = 5_000_000
"""The most parts of all blocks together: nested blocks multiply, and a few kilobytes may mean a year of
reading.
"""


def read(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    """The entities of the model space, or of one `layer`. Raises SourceUnreachable."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SourceUnreachable("file_too_large", file=path.name, bytes=size, limit=MOST_BYTES)
    try:
        yield from _entities(path, how)
    except GeoServiceError:
        raise
    except Exception as error:  # a damaged drawing makes ezdxf raise whatever it stumbles over
        raise incomplete(path, "DXF", error, noun="drawing") from error


def _entities(path: Path, how: ReadOptions) -> Iterator[Row]:
    drawing = ezdxf.readfile(path)
    space = drawing.modelspace()
    hidden = {one.dxf.name.lower() for one in drawing.layers if one.is_off() or one.is_frozen()}
    crs = _crs(space)
    unit_m = _unit_m(drawing)
    parts = _Parts(path.name)
    for entity in space:
        for one, layer in parts.of(entity, entity.dxf.layer):
            if how.layer is None and layer.lower() in hidden:
                yield InvalidRow("dxf_layer_hidden", "layer", {"layer": layer}, record={})
            elif how.layer is None or layer.lower() == how.layer.lower():
                yield _row(one, layer, entity, crs, unit_m)


class _Parts:
    """Counts the parts of blocks. Raises SourceUnreachable above the limit."""

    def __init__(self, name: str) -> None:
        self._name, self._seen = name, 0

    def of(self, entity: Any, layer: str, depth: int = 0) -> Iterator[tuple[Any, str]]:
        """An entity, or the parts of an inserted block, once per row and column.

        Layer 0 of a block means the layer of the insertion.
        """
        if entity.dxftype() != "INSERT" or depth > DEEPEST:
            yield entity, layer
            return
        for block in entity.multi_insert() if entity.mcount > 1 else (entity,):
            for part in block.virtual_entities():
                self._seen += 1
                if self._seen > MOST_PARTS:
                    raise SourceUnreachable("blocks_too_many", file=self._name, limit=MOST_PARTS)
                yield from self.of(part, layer if part.dxf.layer == "0" else part.dxf.layer, depth + 1)


def _unit_m(drawing: Any) -> float:
    """The unit of the drawing (m): the one it names where that is less than a metre and its coordinates say so
    too, else a metre.
    """
    named: float = units.conversion_factor(drawing.units, units.M) if drawing.units in SMALL_UNITS else 1.0
    far = named < 1 and any(_reach(one) > FURTHEST_M for one in islice(drawing.modelspace(), MOST_MEASURED))
    return named if far else 1.0


def _reach(entity: Any) -> float:
    """The largest coordinate of an entity; of a block that of its place, as its parts may be without end."""
    if entity.dxftype() == "INSERT":
        return float(max(map(abs, entity.dxf.insert)))
    if entity.dxftype() in WITHOUT_GROUND:
        return 0.0
    try:
        box = bbox.extents([entity], fast=True)
    except Exception:  # ezdxf raises whatever a damaged entity makes it stumble over; `_row` names it
        return 0.0
    return float(max(map(abs, (*box.extmin, *box.extmax)))) if box.has_data else 0.0


def _row(entity: Any, layer: str, header: Any, crs: int | None, unit_m: float) -> Row:
    kind = entity.dxftype()
    if kind in WITHOUT_GROUND:
        return InvalidRow("dxf_without_ground", "layer", {"kind": kind, "layer": layer}, record={})
    try:
        shape = geo.proxy(entity, distance=CURVE_M / unit_m)
        if unit_m != 1:
            shape.apply(lambda point: point * unit_m)
        geometry = shape.__geo_interface__
    except (TypeError, ValueError, DXFError, ZeroDivisionError) as error:
        return InvalidRow("dxf_not_read", "layer", {"kind": kind, "layer": layer, "error": str(error)})
    block = header.dxf.name if header.dxftype() == "INSERT" else None
    tags = {one.dxf.tag: one.dxf.text for one in header.attribs} if block else {}
    properties = {
        **tags,
        **_own_fields(header),
        "handle": header.dxf.handle
        if entity is header
        else f"{header.dxf.handle}-{_place(entity, geometry)}",
        "layer": layer,
        "entity": kind,
        "block": block,
    }
    return RawRecord({"properties": properties, "geometry": geometry}, crs)


def _own_fields(entity: Any) -> dict[str, str]:
    """The fields that our own exports write with an entity, as texts `name=value`."""
    if not entity.has_xdata(APPLICATION):
        return {}
    texts = (str(tag.value) for tag in entity.get_xdata(APPLICATION) if tag.code == 1000 and "=" in tag.value)
    return dict(text.split("=", 1) for text in texts)


def _place(entity: Any, geometry: Any) -> str:
    """The start point of a part, which identifies it: parts of a block have no handle of their own."""
    at = geometry["coordinates"]
    while at and isinstance(at[0], list | tuple):
        at = at[0]
    return f"{entity.dxftype()}-{at[0]:.2f}-{at[1]:.2f}"


def _crs(space: Any) -> int | None:
    """The CRS that AutoCAD Map writes when it is set."""
    placed = space.get_geodata()
    if placed is None:
        return None
    try:
        code, _ = placed.get_crs()
    except DXFError:
        return None
    return int(code)
