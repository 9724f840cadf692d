"""The sources of works and repairs: name → factory, in the order that users see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import httpx

from geo_service.domain.errors import InvalidInput
from geo_service.intake import base_maps
from geo_service.intake.mapping import library
from geo_service.intake.records import Source
from geo_service.intake.sources import gipod, gipod_excel, gipod_ldes, gipod_transports, mapped, open311
from geo_service.settings import Settings


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """Which source to open. `origin`: a file or an address; `full`: read every record, not only what changed."""

    name: str
    origin: str | None
    mapping: str | None
    full: bool


Factory: TypeAlias = Callable[[SourceRequest, Settings], Source]


def _gipod(request: SourceRequest, settings: Settings) -> Source:
    return gipod.Gipod(
        request.origin or gipod_transports.ADDRESS,
        region=settings.region_bbox,
        timezone=settings.timezone,
        fallback=None if request.origin else gipod_transports.WFS_ADDRESS,
        full=request.full,
    )


def _gipod_excel(request: SourceRequest, settings: Settings) -> Source:
    if not request.origin:
        raise InvalidInput.one("origin", "required.workbook")
    return gipod_excel.GipodExcel(request.origin, region=settings.region_bbox, timezone=settings.timezone)


def _gipod_ldes(request: SourceRequest, settings: Settings) -> Source:
    origin = request.origin or gipod_ldes.ADDRESS
    return gipod_ldes.GipodLdes(origin, region=settings.region_bbox, timezone=settings.timezone)


def _open311(request: SourceRequest, settings: Settings) -> Source:
    return open311.Open311(
        request.origin or "",
        open311.load_services(request.mapping),
        owner=settings.city_organisation,
        region=settings.region_bbox,
        timezone=settings.timezone,
    )


def _mapped_source(request: SourceRequest, settings: Settings) -> Source:
    if not request.origin:
        raise InvalidInput.one("origin", "required.origin", source=request.name)
    mapping = library.load_for(request.name, request.mapping, settings.home)
    return mapped.Mapped(mapping, request.origin, region=settings.region_bbox, timezone=settings.timezone)


FACTORIES: tuple[tuple[str, Factory], ...] = (
    ("gipod", _gipod),
    ("gipod-excel", _gipod_excel),
    ("gipod-ldes", _gipod_ldes),
    ("open311", _open311),
    ("works", _mapped_source),
    ("repairs", _mapped_source),
)
NAMES = tuple(name for name, _ in FACTORIES)

SHARED_TURNS = {gipod_excel.NAME: gipod.NAME}
"""A source that writes the works of another source takes the turn of that source."""


def turn_of(name: str) -> str:
    """The turn that an import of this source takes: two sources of the same works never run at once."""
    return SHARED_TURNS.get(name, name)


def sharing_turn(name: str) -> tuple[str, ...]:
    """The sources that take the same turn."""
    return tuple({name, *(one for one in NAMES if turn_of(one) == turn_of(name))})


def open_source(
    name: str, origin: str | None, mapping: str | None, settings: Settings, *, full: bool = False
) -> Source:
    """The source called `name` at `origin` (a file or an address; GIPOD has a default). It reads nothing yet.

    `full` reads every record, not only what changed. Raises InvalidInput about `source`, `origin` or `mapping`.
    """
    factory = dict(FACTORIES).get(name)
    if factory is None:
        choices = ", ".join((*NAMES, *base_maps.NAMES))
        raise InvalidInput.one("source", "source_unknown", given=name, known=choices)
    return factory(SourceRequest(name, origin, mapping, full), settings)


def without_secrets(origin: str | None) -> str | None:
    """An address without account and query, or the name of a file: the part that may be stored.

    Raises InvalidInput about `origin` when an address cannot be parsed.
    """
    if origin is None or "://" not in origin:
        return origin and Path(origin).name
    try:
        url = httpx.URL(origin)
    except httpx.InvalidURL:  # its message quotes the address, which may hold a password
        raise InvalidInput.one("origin", "address_invalid") from None
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))
