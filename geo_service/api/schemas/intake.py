"""Imports as requests and as answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from geo_service.api.schemas.common import Body

SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,49}$")]
MOST_MAPPING = 50_000
"""Characters: ten times the longest mapping of ours."""
Status = Literal["queued", "running", "done", "failed"]


class ImportIn(Body):
    """What to take in, from where."""

    source: Annotated[str, StringConstraints(max_length=100)] = Field(
        description="`gipod`, `works`, `repairs` … as on the command line"
    )
    url: Annotated[str, StringConstraints(max_length=2000)] | None = Field(
        None, description="address of a file or a feed; GIPOD knows its own"
    )
    mapping: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        None, description="name of a mapping, for `works` and `repairs`"
    )
    mapping_text: Annotated[str, StringConstraints(max_length=MOST_MAPPING)] | None = Field(
        None, description="the mapping itself (TOML), kept for the next time under the name in `mapping`"
    )
    accept_shrink: bool = Field(
        False,
        strict=True,
        description="believe that whatever the source no longer shows has gone, however much it is",
    )


FORM: dict[str, Any] = {
    "type": "object",
    "required": ["source", "file"],
    "properties": {
        "source": {"type": "string"},
        "file": {"type": "string", "format": "binary"},
        "mapping": {"type": "string"},
        "mapping_text": {"type": "string"},
        "accept_shrink": {"type": "string", "enum": ["true", "false"]},
    },
}
"""The same as a form, with the file in it."""


class ProposalIn(Body):
    """A file for which a mapping is wanted."""

    source: Literal["works", "repairs"]
    mapping_text: Annotated[str, StringConstraints(max_length=MOST_MAPPING)] | None = Field(
        None, description="a mapping to try, instead of proposing one"
    )
    sheet: Annotated[str, StringConstraints(max_length=200)] | None = None
    layer: Annotated[str, StringConstraints(max_length=200)] | None = None


PROPOSAL_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["source", "file"],
    "properties": {
        "source": {"type": "string", "enum": ["works", "repairs"]},
        "file": {"type": "string", "format": "binary"},
        **{name: {"type": "string"} for name in ("mapping_text", "sheet", "layer")},
    },
}


class Failure(BaseModel):
    """Why an import failed. Nothing that was there before has changed by it, but for batches that were committed."""

    code: str
    message: str | None


class Ahead(BaseModel):
    """The import for which a queued one waits."""

    id: UUID
    source: str
    started_at: datetime


class Import(BaseModel):
    """One import. While it runs, the counts are those of what is committed; created + changed + unchanged + rejected = read at the end."""

    id: UUID
    source: str
    origin: str | None = Field(description="file name or address, without secrets")
    mapping: str | None
    accept_shrink: bool
    asked_by: str | None = Field(description="name of the key; null: the command line")
    cancelled_by: str | None = Field(description="name of the key that does not want it any more")
    status: Status
    waits_for: Ahead | None = Field(
        description="of a queued import: the one that runs before it. Null while it runs, or when no worker has begun"
    )
    queued_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    read: int
    done: int = Field(description="records that are dealt with")
    total: int | None = Field(description="how many there are, if the source says so or all are read")
    created: int
    changed: int
    unchanged: int
    rejected: int
    vanished: int
    renumbered: int = Field(
        description="new records that may be vanished ones under another id: see /renumberings"
    )
    withheld: int = Field(
        description="open works or repairs that are no longer shown, too many to believe: see accept_shrink"
    )
    conflicts_opened: int
    remarks: list[str] = Field(
        description="what else a person should hear of, in the reader's language: that the source says it is cut off, words and columns nobody explained, layers that were not read"
    )
    seconds: float | None
    error: Failure | None


class RejectedRow(BaseModel):
    """A row that was left out, and why."""

    row: int = Field(description="its place among the records of the source, from 1")
    id: str | None = Field(description="as the source names it")
    code: str
    field: str | None
    message: str = Field(
        description="in the reader's language, after its line or the row of its sheet if there is one"
    )


class RejectedPage(BaseModel):
    """A page of rejected rows."""

    items: list[RejectedRow]
    next: int | None = Field(description="`after` of the page behind this one; null at the end")
    total: int


class ProposalRow(BaseModel):
    """One of the first rows as the mapping reads it."""

    row: int
    id: str | None
    cells: dict[str, str] = Field(description="by our names, in words")
    refused: str | None = Field(description="why it would be left out")
    line: int | None
    geometry: dict[str, Any] | None = Field(description="where it would lie, GeoJSON")


class Proposal(BaseModel):
    """A mapping for a file, what is doubtful about it, and its first rows. Nothing of it is stored."""

    text: str | None = Field(description="TOML; null when there is none, see `error`")
    doubts: list[str]
    rows: list[ProposalRow]
    error: Failure | None
