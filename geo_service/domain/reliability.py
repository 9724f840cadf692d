"""How far an owner's stated dates may be off, learnt from what was observed, and how little is made of few observations.

The formula, for each figure: `(works × own + weight × towards) / (works + weight)`. An owner leans on the value of all owners, and that on
the value of day one: `weight` works weigh as much as what they lean on. The result lies between the two, and nearer to `own` with each work.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo_service.domain.errors import FieldError, InvalidInput

LEARNT_CERTAINTIES = ("indicative", "planned", "confirmed", "in_progress")
"""Works that are done or cancelled have no dates left to be wrong about."""

FORMULA = "(works × own + weight × towards) / (works + weight)"

MOST_SLACK_DAYS = 365
"""A date that is off by more was another plan."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Days by which stated dates may be off, and the probability that the ground is really opened in the stated period."""

    slack_before_days: int
    slack_after_days: int
    probability: float


FIGURES = ("slack_before_days", "slack_after_days", "probability")


@dataclass(frozen=True, slots=True)
class Seen:
    """What `works` of one owner (or of all) showed for one figure; `own` is None when there are none."""

    works: int
    own: float | None


def shrunk(seen: Seen, towards: float, weight: float) -> float:
    """The figure between what was seen and what it leans on: with no works `towards` itself."""
    if seen.own is None or seen.works == 0:
        return towards
    return (seen.works * seen.own + weight * towards) / (seen.works + weight)


def estimate_reliability(seen: Mapping[str, Seen], towards: Reliability, weight: float) -> Reliability:
    """Each of FIGURES shrunk towards `towards`; days rounded to whole ones, half a day up, the probability to a hundredth."""

    def days(figure: str) -> int:
        bounded = seen[figure]
        if bounded.own is not None:
            bounded = Seen(bounded.works, min(bounded.own, MOST_SLACK_DAYS))
        return math.floor(shrunk(bounded, getattr(towards, figure), weight) + 0.5)

    probability = shrunk(seen["probability"], towards.probability, weight)
    return Reliability(days("slack_before_days"), days("slack_after_days"), round(probability, 2))


def fixed(before: Reliability, wanted: Mapping[str, Any]) -> Reliability:
    """`before` with what a person set of FIGURES. Raises InvalidInput with every figure that is out of range."""
    ranges = {
        "slack_before_days": MOST_SLACK_DAYS,
        "slack_after_days": MOST_SLACK_DAYS,
        "probability": 1,
    }
    errors = [
        FieldError(name, "out_of_range", {"least": 0, "most": ranges[name]})
        for name, value in wanted.items()
        if not (math.isfinite(value) and 0 <= value <= ranges[name])
    ]
    if errors:
        raise InvalidInput(errors)
    return Reliability(**{name: wanted.get(name, getattr(before, name)) for name in FIGURES})
