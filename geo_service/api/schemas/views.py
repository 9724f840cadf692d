"""Views of lists that a department shares."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from geo_service.api.schemas.common import Body, Label
from geo_service.domain.rules import Department
from geo_service.domain.views import Screen

Search = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00-\x20\x7f#?]*$")]


class ViewIn(Body):
    """A view to share with a department."""

    department: Department
    screen: Screen
    name: Label
    search: Search = Field(description="the query of the page's address: filters, order, columns")


class DepartmentView(BaseModel):
    """A view that a department shares."""

    id: UUID
    department: Department
    screen: Screen
    name: str
    search: str
    created_at: datetime
