"""Conflicts: a pair of claims that a rule says should not meet (or, for an opportunity, should)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, Self, get_args
from uuid import UUID

from geo_service.domain.agreements import Agreement
from geo_service.domain.layers import Layer, LayerTable

Severity = Literal["info", "low", "medium", "high", "critical"]
Status = Literal["open", "acknowledged", "agreed", "settled", "accepted_risk", "expired", "withdrawn"]
JointStatus = Literal["confirmed", "refused"]
RuleState = Literal["shadow", "active", "retired"]

SEVERITIES: tuple[str, ...] = get_args(Severity)
STATUSES: tuple[str, ...] = get_args(Status)
JOINT_STATUSES: tuple[str, ...] = get_args(JointStatus)
RULE_STATES: tuple[str, ...] = get_args(RuleState)

SURE = ("planned", "confirmed", "in_progress")
"""Certainties with reliable dates; `indicative` dates are a wish."""

GONE: tuple[Status, ...] = ("expired", "withdrawn")
"""The facts no longer conflict. All other states are kept as long as the full run finds the pair."""

STANDING = ("agreed", "settled", "accepted_risk")
"""Decisions of people on these facts: another severity, hold or period opens the conflict again."""

LIVE: tuple[Status, ...] = tuple(status for status in get_args(Status) if status not in GONE)
"""All states but those of GONE."""

AGREED = ("agreed", "settled")
"""States in which the agreement of a conflict is in force; in other states it is an earlier one."""


def first_free_day(certainty: str, overdue: bool, stated: date, claimed: date) -> date:
    """The first day on which works leave the ground free: the claimed end for reliable or overdue dates, the stated end for indicative ones."""
    return claimed if certainty in SURE or overdue else stated


@dataclass(frozen=True, slots=True)
class WorksParty:
    """The works in a conflict, as advice and texts use them.

    `starts_on`/`ends_on` are as the source states them; `claimed_from`/`claimed_until` include the slack, and the latter is the first free
    day. `overdue`: they should have begun or ended, and the source does not report it. `source_age_days`: days since their source was read
    (None: no feed, or unknown). `working_days` that they expect to take, where they say so.
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
    works_id: UUID | None = None
    title: str = ""
    layer: Layer = "unknown"
    claimed_from: date = date.min
    remark: str | None = None
    source_age_days: int | None = None
    working_days: int | None = None

    @classmethod
    def from_row(
        cls,
        works: Mapping[Any, Any],
        claim: Mapping[str, Any],
        layers: LayerTable,
        source_age_days: int | None = None,
    ) -> Self:
        """Return the works of a row of the store, with the days of their claim in a conflict. A guarantee begins at the end of the works."""
        starts_on, ends_on, claimed_from, claimed_until = (
            date.fromisoformat(claim[name])
            for name in ("stated_starts_on", "stated_ends_on", "starts_on", "ends_on")
        )
        return cls(
            owner=works["owner"],
            owner_kind=works["owner_kind"],
            source=works["source"],
            source_id=works["source_id"],
            certainty=claim["certainty"],
            starts_on=starts_on,
            ends_on=claimed_from if claim["kind"] == "guarantee" else ends_on,
            claimed_until=claimed_until,
            overdue=claim["overdue"],
            vanished_on=works["vanished_on"],
            umbrella=claim["umbrella"],
            opens_surface=claim["kind"] == "opening",
            works_id=UUID(claim["works_id"]),
            title=works["title"],
            layer=layers.deepest(claim.get("layers", ())),
            claimed_from=claimed_from,
            remark=works["remark"],
            source_age_days=source_age_days,
            working_days=works["working_days"],
        )

    @property
    def sure(self) -> bool:
        """Whether the dates are reliable."""
        return self.certainty in SURE

    @property
    def free_from(self) -> date:
        """The first free day, as `first_free_day` says."""
        return first_free_day(self.certainty, self.overdue, self.ends_on, self.claimed_until)

    @property
    def last_day(self) -> date:
        """The last day that the source states."""
        return self.ends_on - timedelta(days=1)

    @property
    def slack_days(self) -> int:
        """What was added to the stated end because such dates slip; nothing where they have slipped, as their end hangs on today then."""
        return 0 if self.overdue else max(0, (self.claimed_until - self.ends_on).days)

    @property
    def relays(self) -> bool:
        """Whether they lay the footpath anew themselves."""
        return self.layer in ("street", "footpath")

    @property
    def late(self) -> bool:
        """Whether they are in progress past their stated end; they may be finished."""
        return self.overdue and self.certainty == "in_progress"

    @property
    def window(self) -> bool:
        """Whether their days are possible days: they expect to work on less than half of them, at five days a week."""
        days = (self.ends_on - self.starts_on).days
        return self.sure and self.working_days is not None and self.working_days * 7 / 5 < days / 2

    @property
    def probably_finished(self) -> bool:
        """Whether they were in progress and left their source after their end: some sources drop finished works."""
        gone = self.vanished_on is not None and self.ends_on <= self.vanished_on
        return gone and self.certainty == "in_progress"


@dataclass(frozen=True, slots=True)
class RepairConflict:
    """One conflict of a repair with works, as advice reads it. Money in euro, lengths in metres.

    `dig_id` and `works_ids`: the records that meet it as one. `lost_share` of the repair's ground must be laid again after the works, of a
    surface worth `value_eur` for `life_days`. `after`: the works come after a footpath by their layer. `crossing`: they are of another
    street, and share only the junction. `whole_street`: they are drawn over both sides of it, so that nobody can tell where they dig.
    `agreement`: what people agreed on with these works, as long as it holds.
    """

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
    life_days: int = 0
    value_eur: float = 0
    lost_share: float = 1
    works_m2: float = 0
    after: bool = False
    whole_street: bool = False
    crossing: bool = False
    dig_id: UUID | None = None
    works_ids: tuple[UUID, ...] = ()
    agreement: Agreement | None = None
    overlap_days: int = 0

    @property
    def free_from(self) -> date:
        """The first day on which the repair is free of it."""
        works = self.works
        return works.claimed_until if self.blocking or self.rule == "guarantee_applies" else works.free_from
