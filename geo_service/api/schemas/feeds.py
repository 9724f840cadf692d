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
    """The same with the addresses, which are shown this once."""

    token: str
    works_url: str = Field(description="iCalendar: works, holds, agreements")
    alerts_url: str = Field(description="Atom with GeoRSS: the newest alerts")
