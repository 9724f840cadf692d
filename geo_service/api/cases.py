"""`/cases`: conflicts that are one matter, the most pressing first, and one step for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.case_filter import CaseFilterDep
from geo_service.api.computations import TURN_OF_PAPER
from geo_service.api.deps import Crs, Reading, RepairReader, Today, TranslatorDep, confined_to
from geo_service.api.identity import SignedIn
from geo_service.api.openapi import PDF
from geo_service.api.schemas.cases import CaseExport, CasePage, CaseWithConflicts
from geo_service.api.steps import StepRequest, add_routes
from geo_service.coordination import steps
from geo_service.domain.conflicts import SEVERITIES
from geo_service.domain.permissions import StepName
from geo_service.presentation import case_export
from geo_service.store import cases as store
from geo_service.store import conflicts, houses, listing, vocabulary
from geo_service.store.listing import Row

router = APIRouter(prefix="/cases", tags=["cases"])
PARTS = ("money", "time", "certainty", "severity")


@router.get("", response_model=CasePage)
def list_(
    conn: Reading,
    only: CaseFilterDep,
    day: Today,
    sort: Annotated[store.Order, Query(description="`score`: the most pressing first")] = "score",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> JSONResponse:
    """Cases in order, and what all of them add up to."""
    page = store.find(conn, only, day, limit, cursor, sort)
    if not page.rows:
        vocabulary.check(conn, rule=only.rule, party=only.owner)
    along = _places(conn, page.rows)
    items = (_case(row, place) for row, place in zip(page.rows, along, strict=True))
    return serializers.answer({**serializers.list_page(page, items), "totals": store.totals(conn, only, day)})


@router.get("/{case_id}", response_model=CaseWithConflicts)
def read(case_id: UUID, conn: Reading, who: SignedIn, day: Today, crs: Crs) -> JSONResponse:
    """One case with its conflicts."""
    body, headers = with_conflicts(conn, case_id, day, crs, confined_to(who))
    return serializers.answer(body, headers=headers)


@router.get("/{case_id}/export", response_model=CaseExport, responses=PDF, dependencies=TURN_OF_PAPER)
def export(
    case_id: UUID,
    conn: Reading,
    who: RepairReader,
    day: Today,
    crs: Crs,
    translator: TranslatorDep,
    format: Annotated[Literal["json", "pdf"], Query(description="`pdf` is for people")] = "json",
) -> Response:
    """One case with everything that was done about it, by whom, when, and on which facts."""
    body, _ = with_conflicts(conn, case_id, day, crs, None)
    for item in body["items"]:
        item["events"] = serializers.trail(conflicts.events(conn, item["id"]))
    if format == "pdf":
        headers = {"Content-Disposition": f'attachment; filename="{case_id}.pdf"'}
        return Response(case_export.document(body, translator), media_type="application/pdf", headers=headers)
    return serializers.answer({**body, "exported_at": datetime.now(UTC)})


class CaseStep(StepRequest):
    """A step with every conflict of a case that is in a state for it."""

    def change(
        self, conn: sa.Connection, step: StepName, step_input: steps.StepInput
    ) -> tuple[Any, dict[str, str]]:
        case_id = UUID(self.request.path_params["case_id"])
        steps.take_for_case(conn, case_id, step, step_input, self.actor, self.version, self.day)
        return with_conflicts(conn, case_id, self.day, self.crs, self.actor.owner_group)


def _case_id(case_id: UUID) -> UUID:
    return case_id


add_routes(router, "/{case_id}", CaseStep, CaseWithConflicts, _case_id)


def with_conflicts(
    conn: sa.Connection, case_id: UUID, day: date, crs: int, party: str | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the case with its conflicts, and its ETag."""
    row = store.get(conn, case_id, day, party)
    members = conflicts.by_ids(conn, row["conflict_ids"])
    briefs = conflicts.briefs(conn, members)
    items = [serializers.conflict(member, briefs, crs) for member in members]
    [place] = _places(conn, [row])
    return {**_case(row, place), "items": items}, serializers.etag(row)


def _places(conn: sa.Connection, rows: Sequence[Row]) -> list[dict[str, str] | None]:
    """The houses that each case lies in front of; None where there are none."""
    return houses.along(conn, [listing.read_geometry(row["ground"]) for row in rows])


def _case(row: Row, place: dict[str, str] | None) -> dict[str, Any]:
    names = (
        "id", "conflict_ids", "rules", "conflicts", "undecided", "repairs", "statuses", "opportunity", "blocking", "owners", "eur", "decide_by",
        "escalated", "open_since", "waits", "streets", "due_on", "departments", "persons", "lon", "lat",
    )  # fmt: skip
    score = {"total": row["score"], **{part: row[part] for part in PARTS}}
    return {
        **{name: row[name] for name in names},
        "place": place,
        "severity": SEVERITIES[row["severity_rank"]],
        "score": score,
    }
