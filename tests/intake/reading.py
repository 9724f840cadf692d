"""A file read as a mapping says, without a database: what it becomes, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from geo_service.domain.repairs import RepairDraft
from geo_service.domain.works import Works
from geo_service.intake.mapping.definition import parse_mapping
from geo_service.intake.mapping.library import load_mapping
from geo_service.intake.records import Record, Rejection, Remarks, Source
from geo_service.intake.sources.mapped import Mapped

IZEGEM = (3.1, 50.8, 3.4, 51.1)
SIMPLE = """
about = "test"
source = "desk"
target = "works"
full = false
status_default = "confirmed"
type_default = { kind = "groundworks", opens_surface = true }
{head}
[constants]
owner = "Fluvius"
[fields]
id = { from = ["nr"] }
title = { from = ["straat"] }
starts_on = { from = ["van"] }
ends_on = { from = ["tot"] }
{fields}
{tables}
"""
POINT = {"type": "Point", "coordinates": [3.2176, 50.9208]}


def simple(head: str = "", fields: str = "", tables: str = "") -> str:
    """The text of a mapping of works with the columns nr, straat, van and tot."""
    return SIMPLE.replace("{head}", head).replace("{fields}", fields).replace("{tables}", tables)


@dataclass(frozen=True)
class Came:
    """What came of a file."""

    items: list[Works | RepairDraft]
    rejections: list[Rejection]
    remarks: Remarks
    full: bool

    @property
    def works(self) -> list[Works]:
        return [one for one in self.items if isinstance(one, Works)]

    @property
    def days(self) -> list[tuple[str, str]]:
        """First day and free day of each works."""
        spans = [one.phases[0].period for one in self.works]
        return [(str(span.starts_on), str(span.ends_on)) for span in spans]

    @property
    def refused(self) -> dict[str | None, str]:
        """The code of each row that is left out, by its id."""
        return {one.id: one.code for one in self.rejections}


def came(path: Path | str, mapping: str = "", region: Any = IZEGEM) -> Came:
    """`mapping` is a text in TOML, or the path of a mapping."""
    told = load_mapping(mapping) if mapping.endswith(".toml") else parse_mapping(mapping or simple(), "test")
    return came_of(Mapped(told, str(path), region))


def came_of(source: Source) -> Came:
    """What comes of a source that is not prepared: nothing is stored before."""
    some = list(source.records())
    rejections = [one for one in some if isinstance(one, Rejection)]
    records = [one for one in some if isinstance(one, Record)]
    if source.merges_repeats:
        records = sorted({one.key: one for one in records}.values(), key=attrgetter("group"))
    groups = [list(group) for _, group in groupby(records, attrgetter("group"))]
    items: list[Works | RepairDraft] = []
    for built in source.build(groups):
        rejections += built.rejections
        if built.item is not None:
            items.append(built.item)
    return Came(items, rejections, source.remarks, source.coverage().full)


def feature(geometry: Any = POINT, **properties: Any) -> dict[str, Any]:
    """A feature of works of the first days of March 2027."""
    said = {"nr": "A1", "straat": "Gentsestraat", "van": "2027-03-01", "tot": "2027-03-10", **properties}
    return {"type": "Feature", "properties": said, "geometry": geometry}


def collection(*features: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    """A FeatureCollection with further members."""
    return {"type": "FeatureCollection", "features": list(features), **members}
