"""Repair requests: a defect, from report to finished repair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

RepairCategory = Literal["pothole", "subsidence", "loose_slab", "root_damage", "kerb", "other"]
Scope = Literal["spot", "section", "area"]
Urgency = Literal["low", "normal", "high", "danger"]
RepairStatus = Literal["requested", "scheduled", "in_progress", "done", "cancelled"]

REPAIR_CATEGORIES: tuple[str, ...] = get_args(RepairCategory)
SCOPES: tuple[str, ...] = get_args(Scope)
URGENCIES: tuple[str, ...] = get_args(Urgency)
REPAIR_STATUSES: tuple[str, ...] = get_args(RepairStatus)


@dataclass(frozen=True, slots=True)
class RepairCase:
    """What advice needs to know of a repair: nothing personal, no geometry."""

    scope: Scope
    urgency: Urgency
    planned_from: date | None = None
    planned_until: date | None = None
    done: bool = False
