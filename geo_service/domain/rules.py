"""Rules and certainties as rows of parameters. The day-one rows stand in `detection/rules.py`."""

from __future__ import annotations

from dataclasses import dataclass

from geo_service.domain.claims import ClaimKind
from geo_service.domain.conflicts import RuleLife, Severity
from geo_service.domain.works import Certainty


@dataclass(frozen=True, slots=True)
class Rule:
    """Two kinds of claims that may not (or, for an opportunity, should) meet.

    They meet when they lie within `clearance_m` metres and b's period, or the days around a's period (`before_days`, `after_days`),
    overlap. `severity` None means: from the cost at risk. `departments` are told.
    """

    id: str
    kinds_a: tuple[ClaimKind, ...]
    kinds_b: tuple[ClaimKind, ...]
    clearance_m: float
    owners: str
    departments: tuple[str, ...]
    severity: Severity | None = None
    blocking: bool = False
    opportunity: bool = False
    before_days: int = 0
    after_days: int = 0
    version: int = 1
    life: RuleLife = "active"


@dataclass(frozen=True, slots=True)
class CertaintyRow:
    """How far the stated dates of works may be off, how likely the ground is opened, and whether that may hold a repair by itself."""

    certainty: Certainty
    slack_before_days: int
    slack_after_days: int
    probability: float
    firm: bool
