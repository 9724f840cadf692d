"""`/conflicts`: the conflicts, with every figure and its inputs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.deps import Crs, Reading, Today, TranslatorDep, WindowDep, confined_to
from geo_service.api.explanation import explanation
from geo_service.api.identity import SignedIn
from geo_service.api.schemas import answers, findings
from geo_service.domain.conflicts import Severity, Status
from geo_service.store import conflicts as store
from geo_service.store import vocabulary

router = APIRouter(prefix="/conflicts", tags=["conflicts"])


@router.get("", response_model=answers.Page[findings.Conflict])
def list_(
    conn: Reading,
    who: SignedIn,
    window: WindowDep,
    crs: Crs,
    repair: UUID | None = None,
    works: UUID | None = None,
    building: UUID | None = None,
    rule: Annotated[str | None, Query(max_length=60)] = None,
    severity: Severity | None = None,
    status: Status | None = None,
    opportunity: bool | None = None,
    owner: Annotated[str | None, Query(max_length=300, description="on either side")] = None,
    q: Annotated[str | None, Query(pattern=r"^[Cc]-?\d{1,15}$", description="its number: C-83")] = None,
) -> JSONResponse:
    """Conflicts, oldest first. Without `status` those that are gone (expired, withdrawn) are left out."""
    page = store.find(
        conn,
        window,
        repair=repair,
        works_id=works,
        building=building,
        rule=rule,
        severity=severity,
        status=status,
        opportunity=opportunity,
        owner=owner,
        party=confined_to(who),
        number=int(q.lstrip("Cc-")) if q else None,
    )
    if not page.total:
        vocabulary.check(conn, rule=rule, party=owner)
    briefs = store.briefs(conn, page.rows)
    return serializers.answer(
        serializers.list_page(page, (serializers.conflict(row, briefs, crs) for row in page.rows))
    )


@router.get("/{conflict_id}", response_model=findings.ExplainedConflict)
def read(
    conflict_id: UUID, conn: Reading, who: SignedIn, crs: Crs, translator: TranslatorDep, day: Today
) -> JSONResponse:
    """One conflict with its explanation and its audit trail."""
    row = store.get(conn, conflict_id, party=confined_to(who))
    briefs = store.briefs(conn, [row])
    events = serializers.trail(store.events(conn, conflict_id))
    explained = explanation(conn, row, briefs, translator, day)
    return serializers.answer(
        {**serializers.conflict(row, briefs, crs), "explanation": explained, "events": events},
        headers={**serializers.etag(row), **serializers.language_headers(translator)},
    )
