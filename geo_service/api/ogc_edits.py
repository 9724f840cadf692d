"""OGC API – Features Part 4: works and repairs that a GIS draws, changes and takes back, past the same guards as over `/api/v1`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request, Response

from geo_service.api import ogc_query, repairs, works
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Today, expected_version, write_once
from geo_service.api.identity import SignedIn
from geo_service.api.ogc_parts import FeatureId, RootDep, TypeDep, methods
from geo_service.api.repairs import Writer as RepairWriter
from geo_service.api.schemas import features as bodies
from geo_service.api.schemas.features import FeatureIn, FeaturePatch
from geo_service.api.schemas.works import WorksPatch
from geo_service.api.works import Writer as WorksWriter
from geo_service.domain import crs as codes
from geo_service.domain import geometry
from geo_service.domain.errors import FieldError, InvalidInput, InvalidTransition
from geo_service.ogc import crs, editing, features
from geo_service.ogc.crs import CRS84, Crs
from geo_service.ogc.editing import EDITINGS
from geo_service.ogc.features import FeatureQuery
from geo_service.ogc.links import GEOJSON
from geo_service.store import keys
from geo_service.store.features import FEATURES, FeatureType
from geo_service.store.listing import Row

READ = ("GET", "HEAD", "OPTIONS")
WORKS, REPAIRS = FEATURES["works"], FEATURES["repairs"]
OF_WORKS, OF_REPAIRS = EDITINGS["works"], EDITINGS["repairs"]
WORKS_PATH, REPAIRS_PATH = "/collections/works/items", "/collections/repairs/items"
Change = tuple[int, Any, dict[str, str]]

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Edit:
    """What every change needs: the request, the day, where OGC API begins, and the CRS of the geometry that is sent."""

    request: Request
    ctx: Context
    day: date
    root: str
    crs: Crs


def edit(
    request: Request,
    ctx: ContextDep,
    day: Today,
    root: RootDep,
    content_crs: Annotated[str | None, Header()] = None,
) -> Edit:
    """A change; its geometry is in CRS84 without `Content-Crs`. Raises InvalidInput about it, and UnknownParameter."""
    ogc_query.check(request, ())
    uri = None if content_crs is None else content_crs.strip(" <>")
    return Edit(request, ctx, day, root, crs.of_uri("Content-Crs", uri))


def version(if_match: Annotated[str | None, Header()] = None) -> int:
    """The version that was read. Raises VersionRequired."""
    return expected_version(if_match)


EditDep = Annotated[Edit, Depends(edit)]
Version = Annotated[int, Depends(version)]


@router.options("/collections/{collection}/items")
def items_methods(type_: TypeDep, who: SignedIn) -> Response:
    """What this reader may do with a collection (Part 4, clause 6)."""
    own = [one for one in methods(who, type_) if one == editing.CREATE]
    return Response(headers={"Allow": ", ".join((*READ, *own))})


@router.options("/collections/{collection}/items/{feature}")
def item_methods(type_: TypeDep, feature: FeatureId, who: SignedIn) -> Response:
    """What this reader may do with a feature."""
    own = [one for one in methods(who, type_) if one != editing.CREATE]
    return Response(headers={"Allow": ", ".join((*READ, *own))})


@router.post(WORKS_PATH)
def create_works(who: WorksWriter, body: FeatureIn, edit: EditDep) -> Response:
    """Register works of one phase; their conflicts are found in the same transaction."""
    values = editing.creation(OF_WORKS, WORKS.fields, body.properties)
    phase = {**_take(values, OF_WORKS.days), "geometry": edit.crs.upright(body.geometry)}
    draft = bodies.works(values, phase)

    def change(conn: sa.Connection) -> Change:
        with _own_names():
            row = works.register(conn, edit.ctx, draft, edit.day, edit.crs.code)
        return _creation(conn, WORKS, row, edit)

    return write_once(edit.ctx, edit.request, who, body.model_dump(mode="json"), change)


@router.put(f"{WORKS_PATH}/{{feature}}")
def replace_works(
    feature: FeatureId, who: WorksWriter, version: Version, body: FeatureIn, edit: EditDep
) -> Response:
    """Replace what a feature says of works; what no feature shows (description, building, working days) stays."""
    values = editing.replacement(OF_WORKS, WORKS.fields, body.properties)
    values["utilities"] = values["utilities"] or []
    return _change_works(feature, who, version, body, values, edit)


@router.patch(f"{WORKS_PATH}/{{feature}}")
def update_works(
    feature: FeatureId, who: WorksWriter, version: Version, body: FeaturePatch, edit: EditDep
) -> Response:
    """Change works; only what is sent changes."""
    values = editing.update(OF_WORKS, WORKS.fields, body.properties)
    return _change_works(feature, who, version, body, values, edit)


@router.delete(f"{WORKS_PATH}/{{feature}}")
def delete_works(feature: FeatureId, who: WorksWriter, version: Version, edit: EditDep) -> Response:
    """Take works back: what waited for them is released."""

    def change(conn: sa.Connection) -> Change:
        works.withdraw(conn, feature, version, edit.day)
        return 204, None, {}

    return write_once(edit.ctx, edit.request, who, None, change)


@router.post(REPAIRS_PATH)
def create_repair(who: RepairWriter, body: FeatureIn, edit: EditDep) -> Response:
    """Report a defect. Days given at once pass the guard: 409 `blocked_by_works` with the conflicts and the advice."""
    values = editing.creation(OF_REPAIRS, REPAIRS.fields, body.properties)
    days = _take(values, OF_REPAIRS.days)
    draft = bodies.repair({**values, "geometry": edit.crs.upright(body.geometry)}, days)

    def change(conn: sa.Connection) -> Change:
        with _own_names():
            row = repairs.report(conn, edit.ctx, who, draft, edit.day, edit.crs.code)
        return _creation(conn, REPAIRS, row, edit)

    return write_once(edit.ctx, edit.request, who, body.model_dump(mode="json"), change)


@router.put(f"{REPAIRS_PATH}/{{feature}}")
def replace_repair(
    feature: FeatureId, who: RepairWriter, version: Version, body: FeatureIn, edit: EditDep
) -> Response:
    """Replace what a feature says of a repair; new days pass the guard."""
    values = editing.replacement(OF_REPAIRS, REPAIRS.fields, body.properties)
    return _change_repair(feature, who, version, body, values, edit)


@router.patch(f"{REPAIRS_PATH}/{{feature}}")
def update_repair(
    feature: FeatureId, who: RepairWriter, version: Version, body: FeaturePatch, edit: EditDep
) -> Response:
    """Change a repair; new days pass the guard, and `status` begins the work or cancels it."""
    values = editing.update(OF_REPAIRS, REPAIRS.fields, body.properties)
    return _change_repair(feature, who, version, body, values, edit)


def _change_works(
    id_: UUID,
    who: keys.Principal,
    version: int,
    body: FeatureIn | FeaturePatch,
    values: Mapping[str, Any],
    edit: Edit,
) -> Response:
    drawn = None if body.geometry is None else edit.crs.upright(body.geometry)

    def change(conn: sa.Connection) -> Change:
        def patch_of(row: Row) -> tuple[WorksPatch, int]:
            return _works_patch(row, values, drawn, edit.crs)

        with _own_names():
            works.revise(conn, edit.ctx, id_, version, patch_of, edit.day)
        return _feature_now(conn, WORKS, id_)

    return write_once(edit.ctx, edit.request, who, body.model_dump(mode="json", exclude_unset=True), change)


def _works_patch(
    row: Row, values: Mapping[str, Any], drawn: Mapping[str, Any] | None, system: Crs
) -> tuple[WorksPatch, int]:
    """The change of the works `row` and the CRS of its geometry. Ground and days are those of its one phase. Raises InvalidInput when it has
    several.
    """
    plain = dict(values)
    days = _take(plain, OF_WORKS.days)
    if drawn is None and not days:
        return bodies.works_patch(plain, None), codes.STORAGE
    if len(row["phases"]) != 1:
        name = next(iter(days), "geometry") if drawn is None else "geometry"
        raise InvalidInput.one(name, "works_of_phases", count=len(row["phases"]))
    [stored] = row["phases"]
    kept = {name: stored[name] for name in (*OF_WORKS.days, "surfaces")}
    ground = _stored_ground(stored) if drawn is None else drawn
    code = codes.STORAGE if drawn is None else system.code
    return bodies.works_patch(plain, {**kept, **days, "geometry": ground}), code


def _stored_ground(phase: Mapping[str, Any]) -> Any:
    """The ground of a phase as a client would send it: lists, no tuples."""
    return json.loads(json.dumps(geometry.to_geojson(phase["geometry"], codes.STORAGE)))


def _change_repair(
    id_: UUID,
    who: keys.Principal,
    version: int,
    body: FeatureIn | FeaturePatch,
    values: Mapping[str, Any],
    edit: Edit,
) -> Response:
    """The days go the way of `/schedule`, after everything else."""
    drawn = None if body.geometry is None else edit.crs.upright(body.geometry)

    def change(conn: sa.Connection) -> Change:
        days: dict[str, Any] = {}

        def values_of(row: Row) -> Mapping[str, Any]:
            plain = dict(values)
            days.update(_new_days(row, _take(plain, OF_REPAIRS.days)))
            if plain.get("status", row["status"]) in (None, row["status"]):
                plain.pop("status", None)
            if any(days.values()) and plain.get("status") == "in_progress":
                raise InvalidTransition("repair_without_days", id=str(id_))
            if days and not any(days.values()):
                plain["planned"] = None
            return repairs.values_of(edit.ctx, bodies.repair_patch(plain, drawn), edit.crs.code)

        with _own_names():
            repairs.revise(conn, edit.ctx, id_, version, values_of, edit.day)
        if any(days.values()):
            repairs.give_days(conn, who, id_, bodies.days(days).period(), edit.day)
        return _feature_now(conn, REPAIRS, id_)

    return write_once(edit.ctx, edit.request, who, body.model_dump(mode="json", exclude_unset=True), change)


def _new_days(row: Row, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The days that a repair is to have; empty when it has them already."""
    planned = row["planned"]
    now = (str(planned.lower), str(planned.upper)) if planned else (None, None)
    present = dict(zip(OF_REPAIRS.days, now, strict=True))
    wanted = {**present, **sent}
    return {} if wanted == present else wanted


def _take(values: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """These of the values, which lose them."""
    return {name: values.pop(name) for name in names if name in values}


@contextmanager
def _own_names() -> Iterator[None]:
    """Errors name the properties of the feature, not those of its one phase, and the header of the CRS, not the parameter of `/api/v1`."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput([_own_name(one) for one in error.errors]) from error


def _own_name(error: FieldError) -> FieldError:
    field = error.field.removeprefix("phases[0].")
    if error.reason != "geometry_outside_region.looks_like":
        return replace(error, field=field)
    region, bounds, code = (error.params[name] for name in ("region", "bounds", "looks_like"))
    return FieldError(
        field,
        "geometry_outside_region.content_crs",
        {"region": region, "bounds": bounds, "looks_like": code, "uri": crs.of_code(code).uri},
    )


def _creation(conn: sa.Connection, type_: FeatureType, row: Row, edit: Edit) -> Change:
    _, content, headers = _feature_now(conn, type_, row["id"])
    return 201, content, {**headers, "Location": f"{edit.root}/collections/{type_.id}/items/{row['id']}"}


def _feature_now(conn: sa.Connection, type_: FeatureType, id_: UUID) -> Change:
    """The feature as it is now, in CRS84."""
    row = features.one(conn, type_, id_, FeatureQuery())
    assert row is not None
    headers = {"ETag": f'"{row.version}"', "Content-Crs": f"<{CRS84.uri}>", "Content-Type": GEOJSON}
    return 200, json.loads(row.text), headers
