"""`/building-projects`: the city's own building projects; `/stats/buildings`: what happens around its buildings."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Reading, RepairReader, Today, expected_version, require, write_once
from geo_service.api.replica_reads import ReadingAnywhere
from geo_service.api.schemas import answers
from geo_service.api.schemas import building_projects as schemas
from geo_service.store import building_projects as store
from geo_service.store import keys
from geo_service.store.listing import Row

router = APIRouter(tags=["projects"])
Writer = Annotated[keys.Principal, Depends(require("write projects"))]
IfMatch = Annotated[str | None, Header()]


@router.get("/building-projects", response_model=answers.Page[schemas.Project])
def list_(conn: Reading, who: RepairReader) -> JSONResponse:
    """All projects, by name."""
    items = [_view(row) for row in store.find(conn)]
    return serializers.answer({"items": items, "next": None, "total": len(items)})


@router.post("/building-projects", status_code=201, response_model=schemas.Project)
def create(body: schemas.ProjectIn, request: Request, ctx: ContextDep, who: Writer) -> Response:
    """Put a project in the register."""

    def change(conn: sa.Connection) -> tuple[int, dict[str, Any], dict[str, str]]:
        row = store.create(conn, _values(body))
        return (
            201,
            _view(row),
            {**serializers.etag(row), "Location": f"/api/v1/building-projects/{row['id']}"},
        )

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


@router.get("/building-projects/{project_id}", response_model=schemas.Project)
def read(project_id: UUID, conn: Reading, who: RepairReader) -> JSONResponse:
    """One project."""
    row = store.get(conn, project_id)
    return serializers.answer(_view(row), headers=serializers.etag(row))


@router.put("/building-projects/{project_id}", response_model=schemas.Project)
def replace(
    project_id: UUID, body: schemas.ProjectIn, request: Request, ctx: ContextDep, who: Writer, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Change a project: what is left out is empty."""
    version = expected_version(if_match)

    def change(conn: sa.Connection) -> tuple[int, dict[str, Any], dict[str, str]]:
        row = store.replace(conn, project_id, version, _values(body))
        return 200, _view(row), serializers.etag(row)

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


@router.delete("/building-projects/{project_id}", status_code=204)
def delete(
    project_id: UUID, request: Request, ctx: ContextDep, who: Writer, if_match: IfMatch = None
) -> Response:
    """Take a project out of the register."""
    version = expected_version(if_match)

    def change(conn: sa.Connection) -> tuple[int, None, dict[str, str]]:
        store.delete(conn, project_id, version)
        return 204, None, {}

    return write_once(ctx, request, who, None, change)


@router.get("/stats/buildings", response_model=schemas.NearBuildings)
def surroundings(
    conn: ReadingAnywhere,
    who: RepairReader,
    day: Today,
    within_m: Annotated[float, Query(gt=0, le=500)] = 50.0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> JSONResponse:
    """Works and undecided conflicts within some metres of the city's buildings: its patrimony, town halls, and those of its projects."""
    rows = store.surroundings(conn, within_m, day, limit)
    items = [{name: value for name, value in row.items() if name != "total"} for row in rows]
    total = rows[0]["total"] if rows else 0
    return serializers.answer({"within_m": within_m, "items": items, "total": total})


def _values(body: schemas.ProjectIn) -> dict[str, Any]:
    """The columns of a project: lists as JSON, days and euros as they are."""
    plain = body.model_dump(mode="json")
    return {**body.model_dump(), **{name: plain[name] for name in ("phases", "subsidies", "warranties")}}


def _view(row: Row) -> dict[str, Any]:
    euros = {name: None if row[name] is None else float(row[name]) for name in ("budget_eur", "spent_eur")}
    return {**row, **euros}
