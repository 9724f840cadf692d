"""`/works`: planned occupations of the public domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import (
    Crs,
    Reading,
    Today,
    WindowDep,
    confined_to,
    expected_version,
    require,
    write_once,
)
from geo_service.api.identity import SignedIn
from geo_service.api.list_filters import WorksFilter
from geo_service.api.schemas import answers
from geo_service.api.schemas.works import PhaseIn, WorksIn, WorksPatch
from geo_service.coordination import changes, renumberings
from geo_service.detection.run import Subject
from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput, NotFound, VersionMismatch
from geo_service.domain.works import OPENING_KINDS, Phase, Works
from geo_service.settings import Bbox
from geo_service.store import ground, keys, organisations, vocabulary, works_batch
from geo_service.store import works as store
from geo_service.store.listing import Row

router = APIRouter(prefix="/works", tags=["works"])
Writer = Annotated[keys.Principal, Depends(require("write works"))]


@router.post("", status_code=201, response_model=answers.Works)
def create(body: WorksIn, request: Request, ctx: ContextDep, who: Writer, day: Today, crs: Crs) -> Response:
    """Register works; their conflicts are found in the same transaction."""

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        row = register(conn, ctx, body, day, crs)
        headers = {**serializers.etag(row), "Location": f"/api/v1/works/{row['id']}"}
        return 201, serializers.works(row, crs), headers

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


@router.get("", response_model=answers.Page[answers.Works])
def list_(
    conn: Reading,
    who: SignedIn,
    window: WindowDep,
    crs: Crs,
    equal: WorksFilter,
) -> JSONResponse:
    """Works, oldest registration first."""
    page = store.find(conn, window, **equal, party=confined_to(who))
    if not page.total:
        vocabulary.check(conn, party=equal["owner"])
    return serializers.answer(serializers.list_page(page, (serializers.works(row, crs) for row in page.rows)))


@router.get("/{works_id}", response_model=answers.Works)
def read(works_id: UUID, conn: Reading, who: SignedIn, crs: Crs) -> JSONResponse:
    """One piece of works."""
    row = store.get(conn, works_id, party=confined_to(who))
    return serializers.answer(serializers.works(row, crs), headers=serializers.etag(row))


@router.get("/{works_id}/history", response_model=answers.WorksHistory)
def history(works_id: UUID, conn: Reading, who: SignedIn) -> JSONResponse:
    """What was observed of works since they are known, the latest first: each change of days, status, ground and remark."""
    store.get(conn, works_id, party=confined_to(who))
    return serializers.answer({"items": [dict(row) for row in store.history(conn, works_id)]})


@router.patch("/{works_id}", response_model=answers.Works)
def change(
    works_id: UUID,
    body: WorksPatch,
    request: Request,
    ctx: ContextDep,
    who: Writer,
    day: Today,
    crs: Crs,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Change works; conflicts, advice and alerts follow."""
    version = expected_version(if_match)

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        row = revise(conn, ctx, works_id, version, lambda _: (body, crs), day)
        return 200, serializers.works(row, crs), serializers.etag(row)

    return write_once(ctx, request, who, body.model_dump(mode="json", exclude_unset=True), change)


@router.delete("/{works_id}", status_code=204)
def delete(
    works_id: UUID,
    request: Request,
    ctx: ContextDep,
    who: Writer,
    day: Today,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Take works back: they claim nothing any more, and what waited for them is released."""
    version = expected_version(if_match)

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        withdraw(conn, works_id, version, day)
        return 204, None, {}

    return write_once(ctx, request, who, None, change)


def register(conn: sa.Connection, ctx: Context, body: WorksIn, day: date, crs: int) -> Row:
    """Store new works and find their conflicts. Raises InvalidInput."""
    source_id = body.source_id or str(uuid_utils.compat.uuid7())
    if store.find_source(conn, body.source, source_id) is not None:
        raise InvalidInput.one("source_id", "duplicate", given=f"{body.source} {source_id}")
    _check_building(conn, body.building_id)
    phases = _phases(body.phases, body.kind, crs, ctx.settings.region_bbox)
    fields = body.model_dump(exclude={"phases", "owner", "source_id", "utilities", "title"})
    draft = Works(
        **fields,
        source_id=source_id,
        title=body.title_or_summary(),
        owner=_owner(conn, body.owner),
        utilities=tuple(body.utilities),
        phases=phases,
    )
    (saved,) = works_batch.save(conn, [draft], observed_on=day)
    changes.record(conn, Subject(works_ids=[saved.id]), day)
    return store.get(conn, saved.id)


def revise(
    conn: sa.Connection,
    ctx: Context,
    works_id: UUID,
    version: int,
    patch_of: Callable[[Row], tuple[WorksPatch, int]],
    day: date,
) -> Row:
    """Change works that are still those of `version`; `patch_of` gives the change, and the CRS of its geometries, from the works as they
    are. Raises NotFound, VersionMismatch, InvalidInput.
    """
    row = store.get(conn, works_id)
    _check_version(row, version)
    body, crs = patch_of(row)
    renumberings.break_silence(conn, works_id, day)
    works_batch.save(conn, [_works_after(conn, row, body, crs, ctx.settings.region_bbox)], observed_on=day)
    if decisions := body.person_decisions():
        store.set_statements(conn, works_id, decisions)
    changes.record(conn, Subject(works_ids=[works_id]), day)
    return store.get(conn, works_id)


def withdraw(conn: sa.Connection, works_id: UUID, version: int, day: date) -> None:
    """Take works back that are still those of `version`. Raises NotFound, VersionMismatch."""
    _check_version(store.get(conn, works_id), version)
    renumberings.withdraw(conn, works_id, day)
    store.delete(conn, works_id)
    changes.record(conn, Subject(works_ids=[works_id]), day)


def _check_version(row: Row, version: int) -> None:
    if row["version"] != version:
        raise VersionMismatch("works_changed", version=row["version"], id=str(row["id"]))


def _check_building(conn: sa.Connection, building_id: UUID | None) -> None:
    if building_id is not None:
        try:
            ground.get_building(conn, building_id)
        except NotFound as error:
            raise InvalidInput.one("building_id", "unknown_building", given=str(building_id)) from error


def _owner(conn: sa.Connection, owner: str) -> str:
    """`owner` is a name, or the id of an organisation."""
    try:
        organisation_id = UUID(owner)
    except ValueError:
        return owner
    try:
        return organisations.name_of(conn, organisation_id)
    except NotFound as error:
        raise InvalidInput.one("owner", "unknown_organisation", given=str(organisation_id)) from error


def _phases(phases: list[PhaseIn], kind: str, crs: int, region: Bbox) -> tuple[Phase, ...]:
    return tuple(
        Phase(
            source_key=str(place),
            geometry=geometry.read_geojson(
                phase.geometry, field=f"phases[{place}].geometry", crs=crs, region=region
            ),
            period=phase.period(),
            opens_surface=kind in OPENING_KINDS if phase.opens_surface is None else phase.opens_surface,
            surfaces=phase.surface_codes(),
        )
        for place, phase in enumerate(phases)
    )


def _works_after(
    conn: sa.Connection, row: Mapping[str, Any], body: WorksPatch, crs: int, region: Bbox
) -> Works:
    """The works as they would be after the change."""
    sent = body.model_dump(exclude_unset=True, exclude={"phases", "owner", "apart", "umbrella"})
    _check_building(conn, body.building_id)
    if "utilities" in sent:
        sent["utilities"] = tuple(sent["utilities"])
    changed = replace(Works.from_row(row), **sent)
    if body.phases is not None:
        changed = replace(changed, phases=_phases(body.phases, changed.kind, crs, region))
    return replace(changed, owner=_owner(conn, body.owner)) if body.owner else changed
