"""`/repairs`: defects, from report to finished repair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from shapely.geometry.base import BaseGeometry

from geo_service.api import report_serializers, serializers
from geo_service.api.advice import stored_advice
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import (
    Crs,
    Reading,
    RepairReader,
    Today,
    TranslatorDep,
    WindowDep,
    expected_version,
    require,
    write_once,
)
from geo_service.api.list_filters import RepairsFilter
from geo_service.api.schemas import answers, verdicts
from geo_service.api.schemas.repairs import CompleteIn, RepairIn, RepairPatch, ScheduleIn
from geo_service.coordination import changes, renumberings, scheduling
from geo_service.coordination import duplicates as same_defects
from geo_service.detection.run import Subject
from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput, InvalidTransition, VersionMismatch
from geo_service.domain.period import Period
from geo_service.domain.permissions import can
from geo_service.domain.repairs import OVER, RepairDraft
from geo_service.store import duplicates, keys, listing, reporters, vocabulary
from geo_service.store import repairs as store

router = APIRouter(prefix="/repairs", tags=["repairs"])
Writer = Annotated[keys.Principal, Depends(require("write repairs"))]


@router.post("", status_code=201, response_model=answers.Repair)
def create(body: RepairIn, request: Request, ctx: ContextDep, who: Writer, day: Today, crs: Crs) -> Response:
    """Report a defect. Days given at once pass the same guard as `/schedule`; with `duplicate_of` it joins another report of the same defect."""

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        row = report(conn, ctx, who, body, day, crs)
        headers = {**serializers.etag(row), "Location": f"/api/v1/repairs/{row['id']}"}
        return 201, serializers.repair(row, crs), headers

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


@router.get("", response_model=answers.Page[answers.Repair])
def list_(
    conn: Reading,
    who: RepairReader,
    window: WindowDep,
    crs: Crs,
    equal: RepairsFilter,
) -> JSONResponse:
    """Repairs, oldest first; who reported them is never in a list."""
    page = store.find(conn, window, **equal)
    if not page.total:
        vocabulary.check(conn, party=equal["owner"])
    return serializers.answer(
        serializers.list_page(page, (serializers.repair(row, crs) for row in page.rows))
    )


@router.get("/{repair_id}", response_model=answers.RepairInFull)
def read(repair_id: UUID, conn: Reading, who: RepairReader, crs: Crs) -> JSONResponse:
    """One repair. Its reporter is behind a door of its own (`/reporter`), of which `has_personal_data` says whether there is anything."""
    row = store.get(conn, repair_id)
    answer = serializers.repair(row, crs) | report_serializers.links(
        duplicates.live(conn, repair_id), duplicates.doubles(conn, repair_id)
    )
    if can(who, "see reporter"):
        answer["has_personal_data"] = reporters.exist(conn, repair_id)
    return serializers.answer(answer, headers=serializers.etag(row))


@router.patch("/{repair_id}", response_model=answers.Repair)
def change(
    repair_id: UUID,
    body: RepairPatch,
    request: Request,
    ctx: ContextDep,
    who: Writer,
    day: Today,
    crs: Crs,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Change a repair; conflicts and advice follow. Work begins (`in_progress`) on a repair that has its days, and where no works block it: 409 `blocked_by_works`."""
    version = expected_version(if_match)
    sent = values_of(ctx, body, crs)

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        row = revise(conn, ctx, repair_id, version, lambda _: sent, day)
        return 200, serializers.repair(row, crs), serializers.etag(row)

    return write_once(ctx, request, who, body.model_dump(mode="json", exclude_unset=True), change)


@router.post("/{repair_id}/schedule", response_model=answers.Repair)
def schedule(
    repair_id: UUID, body: ScheduleIn, request: Request, ctx: ContextDep, who: Writer, day: Today, crs: Crs
) -> Response:
    """Give a repair its days: 200, or 409 `blocked_by_works` with the conflicts and the advice."""

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        row = give_days(conn, who, repair_id, body.period(), day, body.override_reason)
        return 200, serializers.repair(row, crs), serializers.etag(row)

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


@router.post("/{repair_id}/complete", response_model=answers.Repair)
def complete(
    repair_id: UUID,
    body: CompleteIn,
    request: Request,
    ctx: ContextDep,
    who: Writer,
    day: Today,
    crs: Crs,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Report a repair finished; from then on its surface is protected. With `If-Match`, only the version that was read: else 412."""
    if body.finished_on > day:
        raise InvalidInput.one("finished_on", "in_the_future")

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        row = store.get(conn, repair_id)
        if row["status"] in OVER:
            raise InvalidTransition("repair_is_already", status=row["status"], id=str(repair_id))
        if if_match is not None:
            _check_version(row, expected_version(if_match))
        renumberings.break_silence(conn, repair_id, day)
        scheduling.complete(
            conn, repair_id, body.finished_on, body.scope, body.area_m2, body.cost_eur, today=day
        )
        row = store.get(conn, repair_id)
        return 200, serializers.repair(row, crs), serializers.etag(row)

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


@router.get("/{repair_id}/advice", response_model=verdicts.FullAdvice)
def advice(
    repair_id: UUID,
    ctx: ContextDep,
    conn: Reading,
    who: RepairReader,
    day: Today,
    crs: Crs,
    translator: TranslatorDep,
) -> JSONResponse:
    """What to do with this repair, and why."""
    answer = stored_advice(ctx, conn, repair_id, day, crs, translator)
    return serializers.answer(answer, headers=serializers.language_headers(translator))


def report(
    conn: sa.Connection, ctx: Context, who: keys.Principal, body: RepairIn, day: date, crs: int
) -> listing.Row:
    """Store a new repair; days given at once pass the guard. Raises InvalidInput, InvalidTransition, BlockedByWorks."""
    fields = body.model_dump(exclude={"geometry", "planned", "duplicate_of"})
    shape = _geometry(ctx, body.geometry, crs)
    draft = RepairDraft(**fields, geometry=shape, owner=ctx.settings.city_organisation)
    repair_id = store.create(conn, draft, ctx.vault)
    if body.duplicate_of:
        same_defects.join(conn, repair_id, body.duplicate_of, who.name, day)
    elif body.planned:
        scheduling.schedule(conn, repair_id, body.planned.period(), day, role=who.role, actor=who.name)
    else:
        changes.record(conn, Subject(repair_ids=[repair_id]), day)
    return store.get(conn, repair_id)


def values_of(ctx: Context, body: RepairPatch, crs: int) -> dict[str, Any]:
    """What a change says, as the store takes it. Raises InvalidInput about the geometry."""
    sent = body.model_dump(exclude_unset=True, exclude={"geometry"})
    if body.geometry is not None:
        sent["geom"] = listing.geometry_param(_geometry(ctx, body.geometry, crs))
    return sent


def revise(
    conn: sa.Connection,
    ctx: Context,
    repair_id: UUID,
    version: int,
    values: Callable[[listing.Row], Mapping[str, Any]],
    day: date,
) -> listing.Row:
    """Change a repair that is still that of `version`; `values` gives what changes from the repair as it is. Raises NotFound,
    VersionMismatch, InvalidTransition, BlockedByWorks.
    """
    row = store.get(conn, repair_id)
    _check_version(row, version)
    sent = values(row)
    _check_change(row, sent)
    if sent.get("status") == "in_progress":
        scheduling.check_start(conn, repair_id, day)
    if not sent:
        return row
    renumberings.break_silence(conn, repair_id, day)
    if sent.get("urgency", row["urgency"]) != row["urgency"]:
        duplicates.forget_urgency(conn, repair_id)
    news = {**({"status": "requested", "team": None} if "planned" in sent else {}), **sent}
    store.update(conn, repair_id, news, vault=ctx.vault)
    changes.record(conn, Subject(repair_ids=[repair_id]), day)
    return store.get(conn, repair_id)


def give_days(
    conn: sa.Connection,
    who: keys.Principal,
    repair_id: UUID,
    days: Period,
    day: date,
    reason: str | None = None,
) -> listing.Row:
    """Schedule a repair in spite of works only with a reason. Raises InvalidInput, BlockedByWorks, NotAllowed."""
    if days.ends_on and days.ends_on <= day:
        raise InvalidInput.one("ends_on", "in_the_past.days", today=day)
    renumberings.break_silence(conn, repair_id, day)
    scheduling.schedule(conn, repair_id, days, day, role=who.role, actor=who.name, override_reason=reason)
    return store.get(conn, repair_id)


def _check_version(row: listing.Row, version: int) -> None:
    if row["version"] != version:
        raise VersionMismatch("repair_changed", version=row["version"], id=str(row["id"]))


def _check_change(row: listing.Row, sent: Mapping[str, Any]) -> None:
    """Raises InvalidTransition for what is over or would slip past the guard of `/schedule`."""
    status = row["status"]
    if status in OVER:
        raise InvalidTransition("repair_is_over", status=status, id=str(row["id"]))
    if sent.get("status") == "in_progress" and (status == "requested" or "planned" in sent):
        raise InvalidTransition("repair_without_days", id=str(row["id"]))


def _geometry(ctx: Context, value: dict[str, Any], crs: int) -> BaseGeometry:
    return geometry.read_geojson(
        value, field="geometry", crs=crs, region=ctx.settings.region_bbox, largest_m2=geometry.MAX_REPAIR_M2
    )
