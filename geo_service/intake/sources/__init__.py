"""The sources that can be read, in the order users see them."""

from __future__ import annotations

from pathlib import Path

import httpx

from geo_service.domain.errors import InvalidInput
from geo_service.intake.ground import NAMES as GROUND
from geo_service.intake.records import Source
from geo_service.intake.sources import gipod, gipod_excel, gipod_ldes, gipod_ways, mapped, open311
from geo_service.settings import Settings

NAMES = ("gipod", "gipod-excel", "gipod-ldes", "open311", "works", "repairs")

_WRITES_FOR = {gipod_excel.NAME: gipod.NAME}


def turn_of(name: str) -> str:
    """Whose turn an import of this source takes: sources that tell of the same works must not do so at once."""
    return _WRITES_FOR.get(name, name)


def sharing_turn(name: str) -> tuple[str, ...]:
    """The sources that take the same turn."""
    return tuple({name, *(one for one in NAMES if turn_of(one) == turn_of(name))})


def open_source(
    name: str, origin: str | None, mapping: str | None, settings: Settings, *, whole: bool = False
) -> Source:
    """The source called `name` at `origin` (a file or an address; GIPOD knows its own). Nothing is read yet. `whole`: not only what changed.

    Raises InvalidInput about `source`, `origin` or `mapping`.
    """
    if name == "gipod":
        return gipod.Gipod(
            origin or gipod_ways.ADDRESS,
            region=settings.region_bbox,
            timezone=settings.timezone,
            fallback=None if origin else gipod_ways.WFS_ADDRESS,
            whole=whole,
        )
    if name == "gipod-excel":
        if not origin:
            raise InvalidInput.one("origin", "required", "gipod-excel needs the exported workbook (.xlsx)")
        return gipod_excel.GipodExcel(origin, region=settings.region_bbox, timezone=settings.timezone)
    if name == "gipod-ldes":
        return gipod_ldes.GipodLdes(
            origin or gipod_ldes.ADDRESS, region=settings.region_bbox, timezone=settings.timezone
        )
    if name == "open311":
        return open311.Open311(
            origin or "",
            open311.load_services(mapping),
            owner=settings.city_organisation,
            region=settings.region_bbox,
            timezone=settings.timezone,
        )
    if name in ("works", "repairs"):
        if not origin:
            raise InvalidInput.one("origin", "required", f"{name} need a file or an address")
        if not mapping:
            known = ", ".join(one for one in mapped.names() if mapped.load_mapping(one).target == name)
            raise InvalidInput.one(
                "mapping", "required", f"{name} need a mapping; there are {known}", known=known
            )
        read = mapped.load_mapping(mapping)
        if read.target != name:
            raise InvalidInput.one(
                "mapping",
                "mapping_target",
                f"the mapping {mapping} makes {read.target}, not {name}",
                given=mapping,
                makes=read.target,
                wanted=name,
            )
        return mapped.Mapped(read, origin, region=settings.region_bbox, timezone=settings.timezone)
    known = ", ".join((*NAMES, *GROUND))
    message = f"there is no source {name}; known are {known}"
    raise InvalidInput.one("source", "source_unknown", message, given=name, known=known)


def without_secrets(origin: str | None) -> str | None:
    """An address without account and query, or the name of a file: what may be kept. Raises InvalidInput about an address that is none."""
    if origin is None or "://" not in origin:
        return origin and Path(origin).name
    try:
        url = httpx.URL(origin)
    except httpx.InvalidURL:  # which quotes what it cannot read, a password perhaps
        raise InvalidInput.one("origin", "address_invalid", "is no address (http or https)") from None
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))
