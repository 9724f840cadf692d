"""`/parameters`: the numbers that each city sets for itself, with where each comes from."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Reading, Today, author_of, expected_version, require, write_once
from geo_service.api.identity import SignedIn
from geo_service.api.schemas import answers
from geo_service.api.schemas import parameters as schemas
from geo_service.coordination import day_change
from geo_service.domain.parameter_ranges import INTEGERS, RANGES, checked
from geo_service.domain.parameters import PARAMETER_NAMES, PLACEHOLDERS, Parameters
from geo_service.store import audit, keys, rules
from geo_service.store.listing import Row

router = APIRouter(prefix="/parameters", tags=["rules"])
Changer = Annotated[keys.Principal, Depends(require("change rules"))]
ParameterName = Annotated[str, Path(max_length=60, pattern="^[a-z0-9_]+$")]
DEFAULTS = Parameters()


@router.get("", response_model=answers.Page[schemas.Parameter])
def list_(conn: Reading, who: SignedIn, ctx: ContextDep) -> JSONResponse:
    """All parameters, in the order of the documentation: value, default, believable range, and who set it on what ground (to a partner: the city)."""
    own = rules.parameter_sources(conn)
    items = [_view(name, own.get(name)) for name in PARAMETER_NAMES]
    for item in items:
        item["changed_by"] = author_of(item["changed_by"], who, ctx)
    return serializers.answer({"items": items, "next": None, "total": len(items)})


@router.put("/{name}", response_model=schemas.ChangedParameter)
def change(
    name: ParameterName,
    body: schemas.ParameterIn,
    request: Request,
    ctx: ContextDep,
    who: Changer,
    day: Today,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Set one number, on record; everything is found anew before this answers. `If-Match` names its version, 0 for a default."""
    version = expected_version(if_match)

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        before = rules.load_parameters(conn)
        checked(before, name, body.value)
        row = rules.change_parameter(conn, name, body.value, body.source, who.name, version)
        facts = {"from": getattr(before, name), "to": body.value, "source": body.source}
        audit.record(conn, who.actor, "parameter_set", f"parameter:{name}", **facts)
        done = day_change.recompute(conn, day)
        effect = {"opened": done.opened, "closed": done.closed, "alerts": done.alerts}
        return 200, {**_view(name, row), **effect}, serializers.etag(row)

    return write_once(ctx, request, who, body.model_dump(), change)


def _view(name: str, own: Row | None) -> dict[str, Any]:
    least, most = RANGES[name]
    default = getattr(DEFAULTS, name)
    set_by_city = {key: own[key] if own else None for key in ("source", "changed_by", "updated_at")}
    return {
        "name": name,
        "value": own["value"] if own else default,
        "default": default,
        "least": least,
        "most": most,
        "integer": name in INTEGERS,
        "placeholder": name in PLACEHOLDERS and own is None,
        **set_by_city,
        "version": own["version"] if own else 0,
    }
