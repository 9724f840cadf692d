"""`/claim-files`: defects in a utility's trench that it is asked to pay for."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.computations import TURN
from geo_service.api.context import ContextDep
from geo_service.api.deps import (
    Reading,
    RepairReader,
    TranslatorDep,
    actor_of,
    expected_version,
    require,
    write_once,
)
from geo_service.api.openapi import PDF
from geo_service.api.schemas import claim_files as schemas
from geo_service.coordination import claim_files
from geo_service.domain.claim_files import ClaimState
from geo_service.presentation.claim_files import document
from geo_service.store import claim_files as store
from geo_service.store import keys, listing, stats, vocabulary
from geo_service.store.listing import Row

router = APIRouter(tags=["conflicts"])
MOST_UNCLAIMED = 1000
Claimant = Annotated[keys.Principal, Depends(require("claim costs"))]


@router.get("/claim-files", response_model=schemas.ClaimFiles)
def list_(
    conn: Reading,
    who: RepairReader,
    state: ClaimState | None = None,
    owner: Annotated[str | None, Query(max_length=300)] = None,
    conflict: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> JSONResponse:
    """Claims in the order in which they were sent, what they add up to for each utility and state, and on the first page, unless of one
    conflict or state, the repairs that nobody claimed yet.
    """
    page = store.find(conn, listing.Window(limit, cursor), state, owner, conflict)
    if not page.total:
        vocabulary.check(conn, party=owner)
    everything = conflict is None and state is None and cursor is None
    body = serializers.list_page(page, map(_claim, page.rows))
    sums = [dict(row) for row in store.sums(conn)]
    unclaimed = stats.to_claim(conn, owner, MOST_UNCLAIMED) if everything else []
    return serializers.answer({**body, "sums": sums, "unclaimed": unclaimed})


@router.get("/claim-files/{claim_id}", response_model=schemas.ClaimFile)
def read(claim_id: UUID, conn: Reading, who: RepairReader) -> JSONResponse:
    """One claim."""
    row = store.get(conn, claim_id)
    return serializers.answer(_claim(row), headers=serializers.etag(row))


@router.get("/claim-files/{claim_id}/pdf", response_class=Response, responses=PDF, dependencies=TURN)
def read_pdf(claim_id: UUID, conn: Reading, who: RepairReader, translator: TranslatorDep) -> Response:
    """One claim as a document that can be sent."""
    row = store.get(conn, claim_id)
    headers = {"Content-Disposition": f'attachment; filename="V-{row["number"]}.pdf"'}
    return Response(document(row, translator), media_type="application/pdf", headers=headers)


@router.post("/conflicts/{conflict_id}/claim-file", response_model=schemas.ClaimFile, status_code=201)
def send(
    conflict_id: UUID, body: schemas.ClaimFileIn, request: Request, ctx: ContextDep, who: Claimant
) -> Response:
    """Claim the repair of a defect from the utility that guarantees its trench."""

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        actor = actor_of(who)
        demand = claim_files.Demand(body.amount_eur, body.note, body.follows)
        row = store.get(conn, claim_files.send(conn, conflict_id, demand, actor))
        return 201, _claim(row), serializers.etag(row)

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


class Outcome:
    """A request to keep what became of a claim."""

    def __init__(
        self,
        claim_id: UUID,
        request: Request,
        ctx: ContextDep,
        who: Claimant,
        if_match: Annotated[str | None, Header()] = None,
    ) -> None:
        self.claim_id, self.request, self.ctx, self.who = claim_id, request, ctx, who
        self.version = expected_version(if_match)

    def take(self, state: ClaimState) -> Response:
        """Keep it, and answer with the claim as it is then."""

        def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
            actor = actor_of(self.who)
            claim_files.answer(conn, self.claim_id, state, actor, self.version)
            row = store.get(conn, self.claim_id)
            return 200, _claim(row), serializers.etag(row)

        return write_once(self.ctx, self.request, self.who, {}, change)


OutcomeDep = Annotated[Outcome, Depends()]


@router.post("/claim-files/{claim_id}/accepted", response_model=schemas.ClaimFile)
def accepted(claim_id: UUID, outcome: OutcomeDep) -> Response:
    """The utility agrees to pay."""
    return outcome.take("accepted")


@router.post("/claim-files/{claim_id}/refused", response_model=schemas.ClaimFile)
def refused(claim_id: UUID, outcome: OutcomeDep) -> Response:
    """The utility does not agree."""
    return outcome.take("refused")


@router.post("/claim-files/{claim_id}/paid", response_model=schemas.ClaimFile)
def paid(claim_id: UUID, outcome: OutcomeDep) -> Response:
    """The utility has paid."""
    return outcome.take("paid")


def _claim(row: Row) -> dict[str, Any]:
    names = (
        "id", "conflict_id", "owner", "state", "amount_eur", "facts", "note", "sent_by", "answered_by", "created_at", "updated_at",
    )  # fmt: skip
    return {
        **serializers.select_columns(row, names),
        "number": f"V-{row['number']}",
        "owner_group": row["owner_group_id"],
        "follows": _number(row["follows_number"]),
        "followed_by": _number(row["follower_number"]),
    }


def _number(number: int | None) -> str | None:
    return None if number is None else f"V-{number}"
