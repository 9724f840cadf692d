"""`/conflicts`: the conflicts, with every figure and its inputs."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.deps import Crs, Reading, Today, TranslatorDep, WindowDep, confined_to
from geo_service.api.explanation import explanation
from geo_service.api.identity import SignedIn
from geo_service.api.list_filters import ConflictsFilter
from geo_service.api.schemas import answers, findings
from geo_service.store import conflicts as store
from geo_service.store import vocabulary

router = APIRouter(prefix="/conflicts", tags=["conflicts"])


@router.get("", response_model=answers.Page[findings.Conflict])
def list_(
    conn: Reading,
    who: SignedIn,
    window: WindowDep,
    crs: Crs,
    equal: ConflictsFilter,
) -> JSONResponse:
    """Conflicts, oldest first. Without `status` those that are gone (expired, withdrawn) are left out."""
    page = store.find(conn, window, **equal, party=confined_to(who))
    if not page.total:
        vocabulary.check(conn, rule=equal["rule"], party=equal["owner"])
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
    explained = explanation(conn, row, briefs, translator, day, party=confined_to(who))
    return serializers.answer(
        {**serializers.conflict(row, briefs, crs), "explanation": explained, "events": events},
        headers={**serializers.etag(row), **serializers.language_headers(translator)},
    )
