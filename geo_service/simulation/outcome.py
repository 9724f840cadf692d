"""What all seeds together say, as the command prints it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from geo_service.simulation.tally import CAUSES, Result
from geo_service.simulation.year import Pair


def summary(pairs: Sequence[Pair], days: int) -> dict[str, Any]:
    """Return sums over the seeds. `fewer_announced_share` leaves out works that nobody announced before they began; `held_needlessly_share` is
    of all reports, `held_needlessly_of_held_share` of those that waited for works."""
    without = [pair.without for pair in pairs]
    done = [pair.with_service for pair in pairs]
    before, after = _reopened(without), _reopened(done)
    reports = sum(one.repairs + one.unfinished for one in done)
    held, needlessly = (sum(getattr(one, name) for one in done) for name in ("held", "held_needlessly"))
    return {
        "seeds": [pair.seed for pair in pairs],
        "days": days,
        "reports": reports,
        "without": _figures(without, days),
        "with": _figures(done, days),
        "fewer_reopened_share": _fewer(before.total(), after.total()),
        "fewer_announced_share": _fewer(
            before.total() - before["unannounced"], after.total() - after["unannounced"]
        ),
        "held_needlessly_share": _share(needlessly, reports),
        "held_needlessly_of_held_share": _share(needlessly, held),
        "danger_older_than_a_day": sum(one.danger_older_than_a_day for one in done),
    }


def _figures(results: Sequence[Result], days: int) -> dict[str, Any]:
    """`alerts_per_desk_day` is the mean over the departments that are told anything; `alerts_by_desk` has each of them."""
    alerts: Counter[str] = Counter()
    for one in results:
        alerts.update(one.alerts)
    by_desk = {desk: round(number / days / len(results), 2) for desk, number in sorted(alerts.items())}
    causes = _reopened(results)
    return {
        "reopened": causes.total(),
        "reopened_by": {cause: causes[cause] for cause in CAUSES},
        "repairs": sum(one.repairs for one in results),
        "unfinished": sum(one.unfinished for one in results),
        "held": sum(one.held for one in results),
        "wasted_eur": round(sum(one.wasted_eur for one in results), 2),
        "days_waited_median": median([wait for one in results for wait in one.days_waited] or [0]),
        "alerts_per_desk_day": round(sum(by_desk.values()) / len(by_desk), 2) if by_desk else 0.0,
        "alerts_by_desk": by_desk,
    }


def _reopened(results: Sequence[Result]) -> Counter[str]:
    return Counter(again.cause for one in results for again in one.reopenings)


def _fewer(before: int, after: int) -> float:
    """By which share; 0 where there was nothing to spare."""
    return round(1 - after / before, 4) if before else 0.0


def _share(part: int, total: int) -> float:
    return round(part / total, 4) if total else 0.0
