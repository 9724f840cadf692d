"""Rules and certainties as rows of parameters. The day-one rows stand in `detection/rules.py`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from geo_service.domain.claims import ClaimKind
from geo_service.domain.conflicts import RULE_STATES, SEVERITIES, RuleState, Severity
from geo_service.domain.errors import FieldError, InvalidInput, InvalidTransition
from geo_service.domain.works import Certainty

Owners = Literal["any", "same", "different"]
Department = Literal["nutsen", "werkplaatsen", "publiek_domein", "patrimonium", "stedenbouw"]
DEPARTMENTS: tuple[str, ...] = get_args(Department)

MAX_CLEARANCE_M = 50
"""Beyond it a footpath meets the whole neighbourhood, and a full run every pair of a district."""
MAX_DAYS_AROUND = 3650

CHANGEABLE = (
    "life",
    "clearance_m",
    "least_share",
    "before_days",
    "after_days",
    "owners",
    "severity",
    "blocking",
    "departments",
    "same_side",
    "ends_within_days",
    "least_count",
    "window_days",
)
"""What a person may change, by its public name. Other kinds of claims make it another rule, with another name."""

FIELD_OF: Mapping[str, str] = {"life": "state", "least_share": "min_overlap_share"}
"""The fields of Rule whose public name (in the API and on the command line) is another one."""

PUBLIC_NAMES = {field: name for name, field in FIELD_OF.items()}

NEXT_STATES: Mapping[RuleState, tuple[RuleState, ...]] = {
    "shadow": ("active", "retired"),
    "active": ("shadow", "retired"),
    # a retired rule returns through the shadow: people see what it finds before it alerts anybody
    "retired": ("shadow",),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Two kinds of claims that may not (or, for an opportunity, should) meet.

    They meet when they lie within `clearance_m` metres and b's period, or the days around a's period (`before_days`, `after_days`),
    overlap. At least `min_overlap_share` of a's ground (where either side could be a: of the smaller) must lie under b; for an opportunity:
    within `clearance_m` of b. `same_side`: not across the street, where both sides are known. `ends_within_days`: b ends at most so long
    after a begins. With `least_count`, at least so many digs that begin within `window_days` and meet the same b are one conflict.
    `severity` None means: from the money, or from what b says itself. A pair that an active rule of `yields_to` finds is left to that rule.
    `departments` get the alerts.
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
    min_overlap_share: float = 0
    same_side: bool = False
    ends_within_days: int | None = None
    least_count: int | None = None
    window_days: int | None = None
    yields_to: tuple[str, ...] = ()
    version: int = 1
    state: RuleState = "active"

    @property
    def on_repairs(self) -> bool:
        """Whether side a is what a repair claims, so that the rule may hold one."""
        return set(self.kinds_a) <= {"investment", "repair", "defect"}


def public(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a rule by their public names."""
    return {PUBLIC_NAMES.get(name, name): value for name, value in row.items()}


def changed(rule: Rule, wanted: Mapping[str, Any]) -> Rule:
    """The next version of `rule` with `wanted` (some of CHANGEABLE, by public name), or `rule` itself when that changes nothing.

    Raises InvalidInput with every field that is out of range, InvalidTransition for a state that cannot follow.
    """
    values = dict(wanted)
    if "departments" in values:
        values["departments"] = tuple(dict.fromkeys(values["departments"]))
    if errors := list(_errors(rule, values)):
        raise InvalidInput(errors)
    after = replace(rule, **{FIELD_OF.get(name, name): value for name, value in values.items()})
    if after == rule:
        return rule
    if after.state != rule.state and after.state not in NEXT_STATES[rule.state]:
        possible = " or ".join(NEXT_STATES[rule.state])
        raise InvalidTransition(
            "life_cannot_follow",
            life=rule.state,
            possible=list(NEXT_STATES[rule.state]),
            wanted=after.state,
            choice=possible,
        )
    return replace(after, version=rule.version + 1)


def _errors(rule: Rule, values: Mapping[str, Any]) -> Iterator[FieldError]:
    allowed: Mapping[str, tuple[str | None, ...]] = {
        "life": RULE_STATES,
        "owners": get_args(Owners),
        "severity": (None, *SEVERITIES),
    }
    ranges = {
        "clearance_m": (MAX_CLEARANCE_M, "out_of_range.metres"),
        "before_days": (MAX_DAYS_AROUND, "out_of_range.days"),
        "after_days": (MAX_DAYS_AROUND, "out_of_range.days"),
        "least_share": (1, "out_of_range"),
        "ends_within_days": (MAX_DAYS_AROUND, "out_of_range.days"),
    }
    for name, value in values.items():
        if name not in CHANGEABLE:
            yield FieldError(name, "read_only", {"known": CHANGEABLE})
        elif name in allowed and value not in allowed[name]:
            words = ", ".join("null" if word is None else word for word in allowed[name])
            yield FieldError(name, "unknown", {"known": words})
        elif name in ranges and not _within(rule, name, value, ranges[name][0]):
            most, reason = ranges[name]
            yield FieldError(name, reason, {"least": 0, "most": most})
    yield from _counting_errors(rule, values)
    yield from _department_errors(values.get("departments", rule.departments))
    if values.get("blocking") and not rule.on_repairs:
        yield FieldError("blocking", "not_on_repairs")


def _within(rule: Rule, name: str, value: float | None, most: float) -> bool:
    """Whether the value is in range. A field that the rule does not use is null, and stays null."""
    now = getattr(rule, FIELD_OF.get(name, name))
    if value is None or now is None:
        return value is None and now is None
    return math.isfinite(value) and 0 <= value <= most


def _counting_errors(rule: Rule, values: Mapping[str, Any]) -> Iterator[FieldError]:
    for name, (least, most) in {"least_count": (2, 1000), "window_days": (1, MAX_DAYS_AROUND)}.items():
        value = values.get(name, getattr(rule, name))
        if (value is None) != (rule.least_count is None):
            yield FieldError(name, "not_counting")
        elif value is not None and not least <= value <= most:
            yield FieldError(name, "out_of_range", {"least": least, "most": most})


def _department_errors(departments: tuple[str, ...]) -> Iterator[FieldError]:
    if not departments:
        yield FieldError("departments", "too_short.departments")
    if unknown := [name for name in departments if name not in DEPARTMENTS]:
        yield FieldError("departments", "unknown.department", {"known": DEPARTMENTS, "given": unknown[0]})


@dataclass(frozen=True, slots=True)
class CertaintyRow:
    """How far the stated dates of works may be off, how likely the ground is opened, and whether that may hold a repair by itself."""

    certainty: Certainty
    slack_before_days: int
    slack_after_days: int
    probability: float
    firm: bool
