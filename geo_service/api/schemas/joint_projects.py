"""Works of two owners that are one project, as answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from geo_service.domain.conflicts import JointStatus


class JointProject(BaseModel):
    """What a person said of two works on the same days and ground. `number` and `conflict_id`: the conflict that was looked at."""

    id: UUID
    status: JointStatus
    decided_by: str
    decided_at: datetime
    conflict_id: UUID
    number: str
    works_ids: list[UUID]
