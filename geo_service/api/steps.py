"""`/conflicts/{id}/{step}`: what people do with a conflict, each with `If-Match`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.params import Depends as DependsMarker

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Crs, Today, confined_to, expected_version, require, write_once
from geo_service.api.identity import SignedIn
from geo_service.api.schemas import findings
from geo_service.api.schemas.steps import AgreeIn, AssignIn, CommentIn, NoteIn, RiskIn, StepIn
from geo_service.coordination import steps
from geo_service.domain.permissions import StepName
from geo_service.store import conflicts as store

router = APIRouter(prefix="/conflicts", tags=["conflicts"])


class StepRequest(ABC):
    """A request to take a step: read at which version, by whom."""

    def __init__(
        self,
        request: Request,
        ctx: ContextDep,
        who: SignedIn,
        day: Today,
        crs: Crs,
        if_match: Annotated[str | None, Header()] = None,
    ) -> None:
        self.request, self.ctx, self.who, self.day, self.crs = request, ctx, who, day, crs
        self.version = expected_version(if_match)
        self.actor = steps.Actor(who.id, who.name, who.role, confined_to(who))

    def take(self, step: StepName, body: StepIn) -> Response:
        """Take the step once, and answer with what it was taken with as that is then."""
        step_input = body.step_input()

        def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
            return (200, *self.change(conn, step, step_input))

        sent = body.model_dump(mode="json", exclude_unset=True)
        return write_once(self.ctx, self.request, self.who, sent, change)

    @abstractmethod
    def change(
        self, conn: sa.Connection, step: StepName, step_input: steps.StepInput
    ) -> tuple[Any, dict[str, str]]:
        """Take the step; return the body and headers of the answer."""


class ConflictStep(StepRequest):
    """A step with one conflict."""

    def change(
        self, conn: sa.Connection, step: StepName, step_input: steps.StepInput
    ) -> tuple[Any, dict[str, str]]:
        conflict_id = UUID(self.request.path_params["conflict_id"])
        steps.take(conn, conflict_id, step, step_input, self.actor, self.version, self.day)
        return with_trail(conn, conflict_id, self.crs)


def with_trail(conn: sa.Connection, conflict_id: UUID, crs: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the conflict with its trail, and its ETag."""
    row = store.get(conn, conflict_id)
    briefs = store.briefs(conn, [row])
    trail = serializers.trail(store.events(conn, conflict_id))
    return {**serializers.conflict(row, briefs, crs), "events": trail}, serializers.etag(row)


def may(step: StepName) -> DependsMarker:
    """Lets only the roles of this step pass, before anything is read."""
    return DependsMarker(require(step))


Step = Annotated[ConflictStep, Depends()]


@router.post(
    "/{conflict_id}/acknowledge", response_model=findings.ConflictWithTrail, dependencies=[may("acknowledge")]
)
def acknowledge(conflict_id: UUID, step: Step, body: NoteIn) -> Response:
    """Say that a desk has seen it and follows it up."""
    return step.take("acknowledge", body)


@router.post("/{conflict_id}/agree", response_model=findings.ConflictWithTrail, dependencies=[may("agree")])
def agree(conflict_id: UUID, step: Step, body: AgreeIn) -> Response:
    """Record what both sides agreed on. When the facts change, or its days are over, the conflict is open again."""
    return step.take("agree", body)


@router.post("/{conflict_id}/settle", response_model=findings.ConflictWithTrail, dependencies=[may("settle")])
def settle(conflict_id: UUID, step: Step, body: NoteIn) -> Response:
    """Say that nothing is left to do."""
    return step.take("settle", body)


@router.post(
    "/{conflict_id}/accept-risk", response_model=findings.ConflictWithTrail, dependencies=[may("accept-risk")]
)
def accept_risk(conflict_id: UUID, step: Step, body: RiskIn) -> Response:
    """Go on in spite of the conflict, on record: for the coordinator."""
    return step.take("accept-risk", body)


@router.post(
    "/{conflict_id}/comment", response_model=findings.ConflictWithTrail, dependencies=[may("comment")]
)
def comment(conflict_id: UUID, step: Step, body: CommentIn) -> Response:
    """Leave a remark that others see; the state stays as it is."""
    return step.take("comment", body)


@router.post("/{conflict_id}/assign", response_model=findings.ConflictWithTrail, dependencies=[may("assign")])
def assign(conflict_id: UUID, step: Step, body: AssignIn) -> Response:
    """Say who follows it up, and until which day."""
    return step.take("assign", body)


@router.post("/{conflict_id}/reopen", response_model=findings.ConflictWithTrail, dependencies=[may("reopen")])
def reopen(conflict_id: UUID, step: Step, body: NoteIn) -> Response:
    """Take up again what was settled or agreed."""
    return step.take("reopen", body)


@router.post("/{conflict_id}/undo", response_model=findings.ConflictWithTrail, dependencies=[may("undo")])
def undo(conflict_id: UUID, step: Step, body: NoteIn) -> Response:
    """Take back the last step, within ten minutes."""
    return step.take("undo", body)
