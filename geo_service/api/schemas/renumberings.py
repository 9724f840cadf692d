"""Records under two ids of their publisher, as requests and as answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field, model_validator

from geo_service import i18n
from geo_service.api.schemas.answers import SuggestedRenumbering
from geo_service.api.schemas.common import Body, Name
from geo_service.domain.renumbering import RenumberingStatus, Target
from geo_service.store import renumberings as store


class RenumberingsIn(Body):
    """Which suggestions: all of a source, or those with these ids."""

    source: Name | None = None
    ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.source is None) == (self.ids is None):
            raise i18n.finding("source_or_ids")
        return self

    def chosen(self, conn: sa.Connection) -> Sequence[UUID]:
        """The ids of these suggestions, each once."""
        return (
            store.suggested(conn, source=self.source) if self.ids is None else list(dict.fromkeys(self.ids))
        )


class Renumbering(SuggestedRenumbering):
    """One record under two ids. Confirmed, `old_id` lives on under `new_source_id`."""

    source: str
    target: Target
    status: RenumberingStatus
    owner: str | None
    title: str | None
    silent_id: UUID | None = Field(
        description="which of the two claims no ground while it is suggested; null: both do"
    )
    suggested_at: datetime
    decided_at: datetime | None
    decided_by: str | None
