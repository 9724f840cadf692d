"""What administrators see of an installation: its settings, and what it still lacks."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from geo_service.domain.checklist import Item, ItemState


class Setting(BaseModel):
    """One setting as this process runs with it."""

    name: str
    variable: str
    value: str = Field(description="masked where it is a secret")
    origin: Literal["argument", "environment", "secret file", "default"]
    description: str = Field(description="what it means, in the reader's language")


class ChecklistItem(BaseModel):
    """One thing that a city needs on its first day."""

    item: Item
    state: ItemState
    missing: list[str] = Field(description="codes of what is missing: layers, roles, parameters")


class Checklist(BaseModel):
    """All of them, in the order in which a city deals with them."""

    items: list[ChecklistItem]
    done: int
