"""Parameters as requests and as answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from geo_service.api.schemas.common import Body, Text
from geo_service.privacy import without_contacts


class ParameterIn(Body):
    """A number, with where it comes from."""

    value: float = Field(
        strict=True, description="metres, m², euro, days, months, years or a share, as the name says"
    )
    source: Annotated[
        Text,
        StringConstraints(strip_whitespace=True, min_length=3, max_length=500),
        AfterValidator(without_contacts),
    ] = Field(description="where this number comes from: a contract, a decision")


class Parameter(BaseModel):
    """A number that each city sets for itself."""

    name: str
    value: float
    default: float
    least: float = Field(description="what is believable")
    most: float
    integer: bool = Field(description="whole numbers only")
    placeholder: bool = Field(description="a guess that the city must confirm or replace, and did not yet")
    source: str | None = Field(
        description="of the city's own number; null: the default of the service, see docs/rules.md"
    )
    changed_by: str | None = Field(description="who set it; null: the default, or the command line")
    updated_at: datetime | None
    version: int = Field(description="for `If-Match`; 0: the default")


class ChangedParameter(Parameter):
    """The number that counts now, and what the change did."""

    opened: int = Field(description="conflicts")
    closed: int
    alerts: int
