"""`/conflicts/{id}/{step}`: what people do with a conflict, each with `If-Match`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Crs, Today, actor_of, expected_version, require, write_once
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
        self.actor = actor_of(who)

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


@dataclass(frozen=True, slots=True)
class StepRoute:
    """A step as a route: its name in the address, what comes with it, and what it does."""

    name: StepName
    body: type[StepIn]
    meaning: str

    def endpoint(self, kind: type[StepRequest]) -> Callable[..., Response]:
        """Return the function that FastAPI calls, for a step of this kind of request."""

        def take(step: StepRequest, body: StepIn) -> Response:
            return step.take(self.name, body)

        # its types are known only here, and FastAPI reads them from the signature
        step = Parameter("step", Parameter.KEYWORD_ONLY, annotation=Annotated[kind, Depends()])
        body = Parameter("body", Parameter.KEYWORD_ONLY, annotation=self.body)
        take.__signature__ = Signature([step, body])  # type: ignore[attr-defined]
        return take


STEPS = (
    StepRoute("acknowledge", NoteIn, "Say that a desk has seen it and follows it up."),
    StepRoute(
        "agree",
        AgreeIn,
        "Record what both sides agreed on. When the facts change, or its days are over, the conflict is open again.",
    ),
    StepRoute("settle", NoteIn, "Say that nothing is left to do."),
    StepRoute("accept-risk", RiskIn, "Go on in spite of the conflict, on record: for the coordinator."),
    StepRoute("comment", CommentIn, "Leave a remark that others see; the state stays as it is."),
    StepRoute("assign", AssignIn, "Say who follows it up, and until which day."),
    StepRoute("reopen", NoteIn, "Take up again what was settled or agreed."),
    StepRoute("undo", NoteIn, "Take back the last step, within ten minutes."),
)


def add_routes(
    router: APIRouter,
    path: str,
    kind: type[StepRequest],
    answer: type[BaseModel],
    subject: Callable[..., Any],
) -> None:
    """Add a route for each step below `path`; `subject` is the dependency that reads the id in it."""
    for step in STEPS:
        router.add_api_route(
            f"{path}/{step.name}",
            step.endpoint(kind),
            methods=["POST"],
            name=step.name.replace("-", "_"),
            description=step.meaning,
            response_model=answer,
            dependencies=[Depends(subject), Depends(require(step.name))],
        )


def _conflict_id(conflict_id: UUID) -> UUID:
    return conflict_id


add_routes(router, "/{conflict_id}", ConflictStep, findings.ConflictWithTrail, _conflict_id)
