"""Private addresses of feeds as answers, for the documentation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class FeedLink(BaseModel):
    """A private address of a calendar and an Atom feed."""

    id: UUID
    name: str
    filter: dict[str, Any]
    created_at: datetime


class NewFeedLink(FeedLink):
    """The same with the addresses, which are shown this once: null in the answer to a repeated request."""

    token: str | None
    works_url: str | None = Field(description="iCalendar: works, holds, agreements")
    alerts_url: str | None = Field(description="Atom with GeoRSS: the newest alerts")
    shown_once: list[str] = Field(
        [], description="in the answer to a repeated request: what is null, as only the first one held it"
    )
