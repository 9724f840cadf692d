"""`/conflicts/{id}/{step}`: what people do with a conflict, each with `If-Match`."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.params import Depends as DependsMarker
from pydantic import BaseModel

from geo_service.api import views
from geo_service.api.deps import (
    ContextDep,
    Crs,
    SignedIn,
    Today,
    confined_to,
    expected_version,
    require,
    write_once,
)
from geo_service.api.schemas import findings
from geo_service.api.schemas.steps import AgreeIn, AssignIn, CommentIn, NoteIn, RiskIn
from geo_service.coordination import steps
from geo_service.domain.lifecycle import STEPS, Agreement, StepName, check_reason
from geo_service.store import conflicts as store
from geo_service.store import keys

router = APIRouter(prefix="/conflicts/{conflict_id}", tags=["conflicts"])


class StepRequest:
    """A request to take a step: with which conflict, read at which version, by whom."""

    def __init__(
        self,
        conflict_id: UUID,
        request: Request,
        ctx: ContextDep,
        who: SignedIn,
        day: Today,
        crs: Crs,
        if_match: Annotated[str | None, Header()] = None,
    ) -> None:
        self.conflict_id, self.request, self.ctx, self.who = conflict_id, request, ctx, who
        self.day, self.crs, self.version = day, crs, expected_version(if_match)

    def take(self, step: StepName, given: steps.Input, body: BaseModel) -> Response:
        """Take the step once, and answer with the conflict as it is then."""

        def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
            steps.take(conn, self.conflict_id, step, given, _actor(self.who), self.version, self.day)
            row = store.get(conn, self.conflict_id)
            briefs = store.works_brief(conn, views.works_ids([row]))
            shown = {
                **views.conflict(row, briefs, self.crs),
                "events": views.trail(store.events(conn, row["id"])),
            }
            return 200, shown, views.etag(row)

        return write_once(
            self.ctx, self.request, self.who, body.model_dump(mode="json", exclude_unset=True), change
        )


Step = Annotated[StepRequest, Depends()]


def _may(step: StepName) -> DependsMarker:
    """Lets only the roles of this step pass, before anything is read."""
    return DependsMarker(require(STEPS[step].roles))


@router.post("/acknowledge", response_model=findings.ConflictWithTrail, dependencies=[_may("acknowledge")])
def acknowledge(step: Step, body: NoteIn) -> Response:
    """Say that a desk has seen it and follows it up."""
    return step.take("acknowledge", _with_words(body), body)


@router.post("/agree", response_model=findings.ConflictWithTrail, dependencies=[_may("agree")])
def agree(step: Step, body: AgreeIn) -> Response:
    """Record what both sides agreed on. When the facts change, or its days are over, the conflict is open again."""
    agreement = Agreement(body.kind, body.until, body.note)
    return step.take("agree", steps.Input(agreement=agreement), body)


@router.post("/settle", response_model=findings.ConflictWithTrail, dependencies=[_may("settle")])
def settle(step: Step, body: NoteIn) -> Response:
    """Say that nothing is left to do."""
    return step.take("settle", _with_words(body), body)


@router.post("/accept-risk", response_model=findings.ConflictWithTrail, dependencies=[_may("accept-risk")])
def accept_risk(step: Step, body: RiskIn) -> Response:
    """Go on in spite of the conflict, on record: for the coordinator."""
    return step.take("accept-risk", steps.Input(words={"reason": check_reason(body.reason)}), body)


@router.post("/comment", response_model=findings.ConflictWithTrail, dependencies=[_may("comment")])
def comment(step: Step, body: CommentIn) -> Response:
    """Leave a remark that others see; the state stays as it is."""
    return step.take("comment", steps.Input(words={"text": body.text}), body)


@router.post("/assign", response_model=findings.ConflictWithTrail, dependencies=[_may("assign")])
def assign(step: Step, body: AssignIn) -> Response:
    """Say who follows it up, and until which day."""
    assignment = {name: getattr(body, name) for name in sorted(body.model_fields_set)}
    return step.take("assign", steps.Input(assignment=assignment), body)


@router.post("/reopen", response_model=findings.ConflictWithTrail, dependencies=[_may("reopen")])
def reopen(step: Step, body: NoteIn) -> Response:
    """Take up again what was settled or agreed."""
    return step.take("reopen", _with_words(body), body)


@router.post("/undo", response_model=findings.ConflictWithTrail, dependencies=[_may("undo")])
def undo(step: Step, body: NoteIn) -> Response:
    """Take back the last step, within ten minutes."""
    return step.take("undo", _with_words(body), body)


def _with_words(body: NoteIn) -> steps.Input:
    return steps.Input(words={"note": body.note} if body.note else {})


def _actor(who: keys.Principal) -> steps.Actor:
    return steps.Actor(who.name, who.role, confined_to(who))
