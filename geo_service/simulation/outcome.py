"""What all seeds together say, as the command prints it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from geo_service.simulation.tally import AVOIDABLE, CAUSES, Reopening, Result
from geo_service.simulation.year import Pair


def summary(pairs: Sequence[Pair], days: int) -> dict[str, Any]:
    """Return sums over the seeds. `fewer_announced_share` leaves out works that nobody announced before they began, `fewer_avoidable_share` also
    those announced too late to ask anybody; `exceptions` are those of owners who were asked in time and could not keep out.
    `held_needlessly_share` is of all reports, `held_needlessly_of_held_share` of those that waited for works."""
    without = [pair.without for pair in pairs]
    done = [pair.with_service for pair in pairs]
    before, after = _causes_of_reopening(without), _causes_of_reopening(done)
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
        "fewer_avoidable_share": _fewer(
            *(sum(causes[one] for one in AVOIDABLE) for causes in (before, after))
        ),
        "exceptions": sum(
            again.question is not None and again.question.answer == "cannot"
            for one in done
            for again in one.reopenings
        ),
        "reopenings": [
            _reopening(pair.seed, again) for pair in pairs for again in pair.with_service.reopenings
        ],
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
    causes = _causes_of_reopening(results)
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


def _reopening(seed: int, again: Reopening) -> dict[str, Any]:
    """What was known when a repair was done that was opened all the same, what opened it, and who was asked."""
    question = again.question
    return {
        "seed": seed,
        "repair": again.defect.key,
        "scope": again.defect.scope,
        "finished_on": again.finished_on.isoformat(),
        "verdict": again.verdict,
        "works": again.dig.title,
        "owner": again.dig.owner,
        "cause": again.cause,
        "notice_on": again.dig.notice_on and again.dig.notice_on.isoformat(),
        "question_on": question and question.day.isoformat(),
        "answer": question and question.answer,
        "opens_on": again.dig.opens_on and again.dig.opens_on.isoformat(),
        "eur": round(again.eur, 2),
    }


def _causes_of_reopening(results: Sequence[Result]) -> Counter[str]:
    return Counter(again.cause for one in results for again in one.reopenings)


def _fewer(before: int, after: int) -> float:
    """By which share; 0 where there was nothing to spare."""
    return round(1 - after / before, 4) if before else 0.0


def _share(part: int, total: int) -> float:
    return round(part / total, 4) if total else 0.0
