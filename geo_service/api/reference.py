"""`/buildings`, `/pavements`, `/organisations`, `/reliabilities`: the data that other resources refer to."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from shapely.geometry import Point

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Crs, Reading, WindowDep, confined_to
from geo_service.api.identity import SignedIn
from geo_service.api.list_filters import BuildingsFilter, PavementsFilter
from geo_service.api.schemas import answers, reference
from geo_service.api.schemas import reliabilities as schemas
from geo_service.domain import geometry, queries
from geo_service.domain.errors import InvalidInput
from geo_service.store import ground, organisations, reliabilities, stretches, vocabulary

router = APIRouter(tags=["reference"])

# From the middle of a house to its footpath, or from one footpath to the other: both sides of the street are a choice.
ACROSS_THE_STREET_M = 20.0


@router.get("/buildings", response_model=answers.Page[reference.Building])
def buildings(
    conn: Reading, who: SignedIn, window: WindowDep, crs: Crs, equal: BuildingsFilter
) -> JSONResponse:
    """Building footprints."""
    page = ground.find_buildings(conn, window, **equal)
    if not page.total:
        vocabulary.check(conn, function=equal["function"])
    return serializers.answer(
        serializers.list_page(page, (serializers.ground(row, crs) for row in page.rows))
    )


@router.get("/buildings/{building_id}", response_model=reference.Building)
def building(building_id: UUID, conn: Reading, who: SignedIn, crs: Crs) -> JSONResponse:
    """One building."""
    return serializers.answer(serializers.ground(ground.get_building(conn, building_id), crs))


@router.get("/pavements", response_model=answers.Page[reference.Pavement])
def pavements(
    conn: Reading,
    who: SignedIn,
    ctx: ContextDep,
    window: WindowDep,
    crs: Crs,
    equal: PavementsFilter,
    at: Annotated[
        str | None, Query(max_length=80, description="lon,lat: the footpath sections under or near it")
    ] = None,
) -> JSONResponse:
    """Pavement sections; with `at` the nearest ones, with their distance."""
    if at is not None:
        place = geometry.read_geojson(_point(at), field="at", crs=crs, region=ctx.settings.region_bbox)
        assert isinstance(place, Point)
        rows = ground.sections_at(conn, place, limit=8, within_m=ACROSS_THE_STREET_M)
        return serializers.answer(
            {"items": [serializers.ground(row, crs) for row in rows], "next": None, "total": len(rows)}
        )
    page = ground.find_sections(conn, window, **equal)
    return serializers.answer(
        serializers.list_page(page, (serializers.ground(row, crs) for row in page.rows))
    )


@router.get("/pavements/stretches", response_model=reference.Stretches)
def list_stretches(
    conn: Reading,
    ctx: ContextDep,
    who: SignedIn,
    crs: Crs,
    q: Annotated[
        str, Query(min_length=2, max_length=200, description="a street and two numbers: Gentsestraat 30-36")
    ],
) -> JSONResponse:
    """The footpath along the houses from one number to another, on the side on which they stand; the street may be misspelt."""
    stretch = queries.stretch_in(q, ctx.settings.city_name)
    if stretch is None:
        raise InvalidInput.one("q", "stretch_unreadable")
    numbers = {"first": str(stretch.first), "last": str(stretch.last)}
    rows = stretches.get(conn, stretch)
    return serializers.answer({"items": [serializers.stretch(row, crs) | numbers for row in rows]})


@router.get("/organisations", response_model=answers.Page[reference.Organisation])
def list_organisations(conn: Reading, who: SignedIn) -> JSONResponse:
    """Organisations and the owner group each belongs to."""
    rows = organisations.find(conn)
    return serializers.answer({"items": [dict(row) for row in rows], "next": None, "total": len(rows)})


@router.get("/reliabilities", response_model=answers.Page[schemas.Reliability])
def list_reliabilities(
    conn: Reading,
    who: SignedIn,
    owner: Annotated[str | None, Query(max_length=300, description="owner group")] = None,
) -> JSONResponse:
    """How far stated dates may be off: of all owners, and of each that has figures of its own."""
    vocabulary.check(conn, owner_group=owner)
    rows = reliabilities.find(conn, confined_to(who) or owner)
    items = [{name: value for name, value in row.items() if name != "place"} for row in rows]
    return serializers.answer({"items": items, "next": None, "total": len(items)})


def _point(text: str) -> dict[str, object]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InvalidInput.one("at", "place_malformed") from error
    return {"type": "Point", "coordinates": [x, y]}
