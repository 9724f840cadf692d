"""Conflicts: a pair of claims that a rule says should not meet (or, for an opportunity, should)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Severity = Literal["info", "low", "medium", "high", "critical"]
Status = Literal["open", "acknowledged", "agreed", "settled", "accepted_risk", "expired", "withdrawn"]
RuleLife = Literal["shadow", "active", "retired"]

SEVERITIES: tuple[str, ...] = get_args(Severity)
STATUSES: tuple[str, ...] = get_args(Status)
RULE_LIVES: tuple[str, ...] = get_args(RuleLife)

GONE = ("expired", "withdrawn")
"""The facts no longer conflict. All other states are kept as long as the full run finds the pair."""

STANDING = ("agreed", "settled", "accepted_risk")
"""What people decided on these facts: with another severity, hold or days the conflict is open again."""


@dataclass(frozen=True, slots=True)
class WorksParty:
    """The works in a conflict, in the words that a person is told.

    `starts_on`/`ends_on` are as the source states them; `claimed_until` has the slack added: the first day that is free.
    """

    owner: str
    owner_kind: str
    source: str
    source_id: str
    certainty: str
    starts_on: date
    ends_on: date
    claimed_until: date
    overdue: bool = False
    vanished_on: date | None = None
    umbrella: bool = False
    opens_surface: bool = True

    @property
    def probably_finished(self) -> bool:
        """They ran, and their source stopped showing them when their end was past: some sources say nothing more of works that are done."""
        gone = self.vanished_on is not None and self.ends_on <= self.vanished_on
        return gone and self.certainty == "in_progress"


@dataclass(frozen=True, slots=True)
class RepairConflict:
    """One conflict of a repair with works, as advice reads it. Money in euro, lengths in metres."""

    rule: str
    rule_version: int
    severity: str
    blocking: bool
    status: str
    works: WorksParty
    gap_days: int
    probability: float
    cost_at_risk_eur: float
    overlap_m2: float
    repair_m2: float
    distance_m: float
    life_years: float = 0
