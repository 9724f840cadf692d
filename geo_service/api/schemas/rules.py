"""Rules as requests and as answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool, field_validator

from geo_service.api.schemas import findings
from geo_service.api.schemas.common import Body, Instant, Note, Text, not_null
from geo_service.domain.conflicts import RuleState, Severity
from geo_service.domain.rules import CHANGEABLE, MAX_CLEARANCE_M, MAX_DAYS_AROUND, Department, Owners

Metres = Annotated[float, Field(strict=True, json_schema_extra={"minimum": 0, "maximum": MAX_CLEARANCE_M})]
Share = Annotated[float, Field(strict=True, json_schema_extra={"minimum": 0, "maximum": 1})]
DaysAround = Annotated[int, Field(strict=True, json_schema_extra={"minimum": 0, "maximum": MAX_DAYS_AROUND})]
MAY_BE_NULL = ("severity", "ends_within_days", "least_count", "window_days")
Count = Annotated[int, Field(strict=True, json_schema_extra={"minimum": 2, "maximum": 1000})]
Window = Annotated[int, Field(strict=True, json_schema_extra={"minimum": 1, "maximum": MAX_DAYS_AROUND})]


class RuleChange(Body):
    """What changes; what is left out stays. A rule may come back as it was read: what cannot change must then be as it was."""

    life: RuleState | None = None
    clearance_m: Metres | None = Field(None, description="metres between the two footprints")
    before_days: DaysAround | None = Field(None, description="days before a's period that count as well")
    after_days: DaysAround | None = Field(None, description="days after a's period that count as well")
    least_share: Share | None = Field(None, description="share of a's ground that must lie under b")
    owners: Owners | None = None
    severity: Severity | None = Field(None, description="null: from the cost at risk")
    blocking: StrictBool | None = Field(None, description="may hold a repair; only where side a is a repair")
    departments: list[Department] | None = Field(None, max_length=20, description="who is told")
    same_side: StrictBool | None = Field(None, description="not across the street, where the sides are known")
    ends_within_days: DaysAround | None = Field(None, description="b ends at most so long after a begins")
    least_count: Count | None = Field(None, description="of a rule that counts: so many digs on one b")
    window_days: Window | None = Field(None, description="… that begin within so many days")
    reason: Note | None = Field(None, description="why, for the record")

    id: Text | None = Field(None, description="as it was read")
    version: int | None = Field(None, strict=True, description="as it was read; `If-Match` decides")
    kinds_a: list[Text] | None = Field(
        None, max_length=20, description="as it was read: other kinds are another rule"
    )
    kinds_b: list[Text] | None = Field(None, max_length=20, description="as it was read")
    opportunity: bool | None = Field(None, description="as it was read")
    yields_to: list[Text] | None = Field(None, max_length=20, description="as it was read")
    created_at: Instant | None = Field(None, description="as it was read")
    changed_by: Text | None = Field(None, description="as it was read")

    _not_null = field_validator(*(name for name in CHANGEABLE if name not in MAY_BE_NULL), mode="before")(
        not_null
    )

    def changed_fields(self) -> dict[str, Any]:
        """What was sent of what can change."""
        return self.model_dump(include=set(CHANGEABLE), exclude_unset=True)

    def as_it_was(self) -> dict[str, Any]:
        """What was sent of what cannot change."""
        return self.model_dump(exclude={*CHANGEABLE, "reason"}, exclude_unset=True)


class Rule(BaseModel):
    """One version of a rule: two kinds of claims that may not (or, for an opportunity, should) meet."""

    id: str
    version: int
    life: RuleState
    kinds_a: list[str]
    kinds_b: list[str]
    clearance_m: float
    least_share: float
    before_days: int
    after_days: int
    owners: Owners
    severity: Severity | None = Field(description="fixed; null: from the cost at risk")
    blocking: bool
    opportunity: bool
    departments: list[str]
    same_side: bool
    ends_within_days: int | None
    least_count: int | None = Field(description="null: every pair is told by itself")
    window_days: int | None
    yields_to: list[str] = Field(description="rules that say more: a pair that they tell is not told again")
    created_at: datetime
    changed_by: str | None = Field(description="who made this version; null: it came with the service")
    reason: str | None


class Counts(BaseModel):
    """Conflicts of this rule, as people see them; for a rule that is and stays in the shadow: as it finds them."""

    appear: int
    disappear: int
    change_severity: int


class ChangedRule(Rule):
    """The version in force now, and what the change did."""

    counts: Counts
    alerts: int = Field(description="how many went out, also of repairs held and released")


class Totals(BaseModel):
    """What a rule comes to."""

    conflicts: int
    blocking: int = Field(description="conflicts that hold a repair")
    cost_at_risk_eur: float = Field(description="of each repair its dearest conflict: a surface is lost once")


class PreviewedConflict(findings.Conflict):
    """A conflict with what becomes of it; null where there is none."""

    severity_before: Severity | None
    severity_after: Severity | None


class RulePreview(BaseModel):
    """What a change would do. Lists hold the worst 200; `counts` counts all."""

    rule: str
    version: int = Field(description="the version that is in force")
    changes: dict[str, Any] = Field(description="by field: [now, then]")
    before: Totals
    after: Totals
    counts: Counts
    appear: list[PreviewedConflict]
    disappear: list[PreviewedConflict]
    change_severity: list[PreviewedConflict]
    computed_at: datetime
    computed_for: date
