"""`/rules`: the rules of detection and their weights; change them, and preview a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.api import serializers
from geo_service.api.computations import TURN
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Crs, Reading, Today, author_of, expected_version, require, write_once
from geo_service.api.identity import SignedIn
from geo_service.api.schemas import answers
from geo_service.api.schemas import rules as schemas
from geo_service.coordination import rule_lifecycle
from geo_service.detection import preview as previews
from geo_service.domain.conflicts import RuleState
from geo_service.domain.errors import FieldError, InvalidInput
from geo_service.domain.rules import CHANGEABLE, FIELD_OF, Rule, changed, public
from geo_service.store import conflicts, keys, rules
from geo_service.store.listing import Row

router = APIRouter(prefix="/rules", tags=["rules"])
Changer = Annotated[keys.Principal, Depends(require("change rules"))]
RuleId = Annotated[str, Path(max_length=60, pattern="^[a-z_]+$")]


@router.get("", response_model=answers.Page[schemas.Rule])
def list_(conn: Reading, who: SignedIn, ctx: ContextDep, life: RuleState | None = None) -> JSONResponse:
    """The newest version of each rule; without `life` the retired ones are left out."""
    return serializers.answer(_all(rules.in_force(conn, life), who, ctx))


@router.get("/{rule_id}", response_model=schemas.Rule)
def read(rule_id: RuleId, conn: Reading, who: SignedIn, ctx: ContextDep) -> JSONResponse:
    """One rule, whatever its life."""
    row = rules.get(conn, rule_id)
    return serializers.answer(_view(row, who, ctx), headers=serializers.etag(row))


@router.get("/{rule_id}/versions", response_model=answers.Page[schemas.Rule])
def versions(rule_id: RuleId, conn: Reading, who: SignedIn, ctx: ContextDep) -> JSONResponse:
    """Who changed what and why, newest first; a partner reads that the city did."""
    return serializers.answer(_all(rules.versions(conn, rule_id), who, ctx))


@router.put("/{rule_id}", response_model=schemas.ChangedRule)
def change(
    rule_id: RuleId,
    body: schemas.RuleChange,
    request: Request,
    ctx: ContextDep,
    who: Changer,
    day: Today,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Put a next version in force; everything is found anew before this answers."""
    version = expected_version(if_match)

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        _check_as_it_was(rules.get(conn, rule_id), body)
        done = rule_lifecycle.change(
            conn, rule_id, body.changed_fields(), day, by=who.name, version=version, reason=body.reason
        )
        row = rules.get(conn, rule_id)
        return 200, {**public(dict(row)), "counts": done.counts, "alerts": done.alerts}, serializers.etag(row)

    return write_once(ctx, request, who, body.model_dump(mode="json", exclude_unset=True), change)


@router.post("/{rule_id}/preview", response_model=schemas.RulePreview, dependencies=TURN)
def preview(
    rule_id: RuleId, body: schemas.RuleChange, ctx: ContextDep, who: Changer, day: Today, crs: Crs
) -> JSONResponse:
    """What a change would do. Stores nothing, and nobody waits for it."""
    with db.scratch(ctx.write_engine) as conn:
        row = rules.get(conn, rule_id)
        _check_as_it_was(row, body)
        before = rules.from_row(row)
        result = previews.preview(conn, before, changed(before, body.changed_fields()), day)
        conflict_rows = [each for rows in result.rows.values() for each in rows]
        briefs = conflicts.briefs(conn, conflict_rows)
    content = {
        "rule": rule_id,
        "version": row["version"],
        "changes": dict(_differences(before, result.rule)),
        "before": asdict(result.before),
        "after": asdict(result.after),
        "counts": result.counts,
        **{name: [_preview_row(each, briefs, crs) for each in rows] for name, rows in result.rows.items()},
        "computed_at": datetime.now(UTC),
        "computed_for": day,
    }
    return serializers.answer(content)


def _all(rows: list[sa.RowMapping], who: keys.Principal, ctx: Context) -> dict[str, Any]:
    return {"items": [_view(row, who, ctx) for row in rows], "next": None, "total": len(rows)}


def _view(row: Row, who: keys.Principal, ctx: Context) -> dict[str, Any]:
    return public({**row, "changed_by": author_of(row["changed_by"], who, ctx)})


def _preview_row(row: Row, briefs: Mapping[UUID, Row], crs: int) -> dict[str, Any]:
    severities = {name: row[name] for name in ("severity_before", "severity_after")}
    return {**serializers.conflict(row, briefs, crs), **severities}


def _differences(before: Rule, after: Rule) -> Iterator[tuple[str, list[Any]]]:
    for name in CHANGEABLE:
        now, then = (getattr(rule, FIELD_OF.get(name, name)) for rule in (before, after))
        if now != then:
            yield name, [now, then]


def _check_as_it_was(row: Row, body: schemas.RuleChange) -> None:
    """Refuses to ignore a change of what cannot change."""
    moved = [name for name, value in body.as_it_was().items() if value != row[name]]
    if moved:
        raise InvalidInput([FieldError(name, "read_only", {"known": CHANGEABLE}) for name in moved])
