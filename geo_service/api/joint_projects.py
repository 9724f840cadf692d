"""`/joint-projects`: works of two owners that are one project. Detection thinks so, a person confirms or refuses it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import (
    Crs,
    Reading,
    RepairReader,
    Today,
    actor_of,
    expected_version,
    require,
    write_once,
)
from geo_service.api.schemas import answers, findings
from geo_service.api.schemas.joint_projects import JointProject
from geo_service.api.steps import with_trail
from geo_service.coordination import joint_projects
from geo_service.domain.conflicts import JointStatus
from geo_service.store import joint_projects as store
from geo_service.store import keys, listing

router = APIRouter(tags=["conflicts"])


@router.get("/joint-projects", response_model=answers.Page[JointProject])
def list_(
    conn: Reading,
    who: RepairReader,
    status: JointStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> JSONResponse:
    """What people said of works that look like one project."""
    page = store.find(conn, listing.Window(limit, cursor), status)
    items = ({**row, "number": f"C-{row['number']}"} for row in page.rows)
    return serializers.answer(serializers.list_page(page, items))


class Decision:
    """A request to say whether the works of a conflict are one project."""

    def __init__(
        self,
        conflict_id: UUID,
        request: Request,
        ctx: ContextDep,
        who: Annotated[keys.Principal, Depends(require("decide joint"))],
        day: Today,
        crs: Crs,
        if_match: Annotated[str | None, Header()] = None,
    ) -> None:
        self.conflict_id, self.request, self.ctx, self.who = conflict_id, request, ctx, who
        self.day, self.crs, self.version = day, crs, expected_version(if_match)

    def take(self, status: JointStatus) -> Response:
        """Keep the decision, and answer with the conflict as it is then."""

        actor = actor_of(self.who)

        def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
            joint_projects.decide(conn, self.conflict_id, status, actor, self.version, self.day)
            return (200, *with_trail(conn, self.conflict_id, self.crs))

        return write_once(self.ctx, self.request, self.who, {}, change)


DecisionDep = Annotated[Decision, Depends()]


@router.post("/conflicts/{conflict_id}/confirm-joint", response_model=findings.ConflictWithTrail)
def confirm(conflict_id: UUID, decision: DecisionDep) -> Response:
    """Say that the two works are one project: they are silent until their days part."""
    return decision.take("confirmed")


@router.post("/conflicts/{conflict_id}/refuse-joint", response_model=findings.ConflictWithTrail)
def refuse(conflict_id: UUID, decision: DecisionDep) -> Response:
    """Say that the two works are two sites: a clash like any other. Also of what was confirmed before."""
    return decision.take("refused")
