"""The order of works around a repair, as `domain.sequence` finds it: each works in its place, the day of the repair, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from geo_service.domain.conflicts import WorksParty

Role = Literal["before", "wait", "join", "holds", "after", "early", "advance", "crossing", "aside"]


@dataclass(frozen=True, slots=True)
class Step:
    """Works in their place. `role`: planned `before` the repair as they should; to `wait` for; to `join`, as they lay the footpath anew themselves;
    works that `hold` the repair longer than it may wait (`holds`); to come `after` it by their layer, or planned too `early` for that; not worth waiting for, so that they should
    `advance`; of another street, so that only the `crossing` waits for them; or `aside`, too little to matter.

    `works_ids`: all records of the dig. `lost_share` of the repair must be laid again after them. `cost_at_risk_eur`: what repairing before
    them would lose. `weight` ranks what comes first by that, 1 is the dearest. `too_soon_for`: deeper works on the same ground that
    come only after these are closed again.
    """

    works: WorksParty
    role: Role
    works_ids: tuple[UUID, ...] = ()
    lost_share: float = 0
    shared_m2: float = 0
    probability: float = 1
    cost_at_risk_eur: float = 0
    blocking: bool = False
    weight: int | None = None
    too_soon_for: tuple[UUID, ...] = ()

    @property
    def free_from(self) -> date:
        """The first day on which the repair is free of it."""
        return self.works.claimed_until if self.blocking else self.works.free_from

    @property
    def sure(self) -> bool:
        """Whether its days can be built on."""
        return self.works.sure and not self.works.overdue


@dataclass(frozen=True, slots=True)
class Order:
    """`first` in this order, then the repair from `repair_from` on (None: any day, or nobody knows), then `later`.

    `waits`: it should not be done before that day. `moves`: its own days are over by then. `cost_at_risk_eur`: what doing it before all
    of them would lose, once. `now_eur`, `best_eur`: expected cost of its first day and of the best one; `runner_up_eur` of the next
    best (None: there is no other). `wait_on`, `wait_eur`: the cheapest day after its first, and its cost (None: nothing ends later).
    `contradiction`: a rule holds it although waiting costs more, or its latest day passes meanwhile.
    """

    first: tuple[Step, ...] = ()
    repair_from: date | None = None
    later: tuple[Step, ...] = ()
    moves: bool = False
    cost_at_risk_eur: float = 0
    waits: bool = False
    best_on: date | None = None
    now_eur: float = 0
    best_eur: float = 0
    waiting_eur: float = 0
    runner_up_eur: float | None = None
    wait_on: date | None = None
    wait_eur: float | None = None
    value_eur: float = 0
    contradiction: Literal["latest_on", "waiting_costs_more"] | None = None

    @property
    def margin_eur(self) -> float | None:
        """By how much the best day beats the next best."""
        return None if self.runner_up_eur is None else round(self.runner_up_eur - self.best_eur, 2)
