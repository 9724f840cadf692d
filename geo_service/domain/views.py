"""A view of a list: which rows, in which order and columns, as the address of the page says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from geo_service.domain.rules import Department

Screen = Literal["cases", "repairs", "overview", "map"]
SCREENS: tuple[str, ...] = get_args(Screen)


@dataclass(frozen=True, slots=True)
class View:
    """A view that a department shares; `search` is the query of the address, without its question mark."""

    department: Department
    screen: Screen
    name: str
    search: str
