"""Time passes by itself: each new day what the day can have changed is computed anew, and told as a full run would tell it.

Claims, conflicts and advice stand at one day (`store.recomputations`). A night brings them from there to today, however many days that
is, by looking only at what `detection/recompute_scope.sql` names. When rules, parameters or the code are others than at the last run, and when
the day goes back, everything is computed anew: the full run is the truth, and `check` says where what is stored differs from it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
import structlog

from geo_service.coordination import changes, learning
from geo_service.detection import recompute_scope
from geo_service.detection.run import EVERYTHING, Subject
from geo_service.store import recomputations, rules
from geo_service.store import works as works_store
from geo_service.store.listing import Row
from geo_service.store.recomputations import Kind, Recomputation
from geo_service.store.tables import repairs, works

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CheckReport:
    """A full run, what it found otherwise than it was stored (by sort: `number` of rows, names of the `first` ten), and what came
    before it by right: a new day, or rules that changed."""

    run: Recomputation
    differences: Mapping[str, Row]
    before: Recomputation | None


def begin(conn: sa.Connection, day: date, *, fixed: bool = False) -> Recomputation | None:
    """Bring everything to `day`; None when it stands there already.

    The caller holds the writers' lock, and asks for the day when it has the lock: of two workers the second finds nothing to do. A day
    before the one at which everything stands is another host's clock, and nothing is done, unless the settings say that day (`fixed`).

    First learn reliabilities from the past days; recompute also the works whose figures changed.
    """
    last = recomputations.last(conn)
    if last is not None and day < last["day"] and not fixed:
        log.warning("everything stands at a day still to come", stands_at=last["day"], day=day)
        return None
    parameters = rules.load_parameters(conn)
    anew = (
        last is None
        or day < last["day"]
        or last["made_with"] != recompute_scope.fingerprint(conn, parameters)
    )
    since: date | None = None if last is None or anew else last["day"]
    if since == day:
        return None
    works_of_learning = learning.learn_for_day(conn, day) if parameters.learn_reliability == 1 else []
    if since is None:
        return recompute(conn, day)
    touched = recompute_scope.subject_of_day(conn, since, day, parameters)
    return _run(
        conn, replace(touched, works_ids=sorted({*touched.works_ids, *works_of_learning})), day, "night"
    )


def recompute(conn: sa.Connection, day: date) -> Recomputation:
    """Compute everything anew, for `day`; the caller holds the writers' lock and commits."""
    works_store.name_layers(conn)
    return _run(conn, EVERYTHING, day, "full")


def check(conn: sa.Connection, day: date, since: datetime | None = None) -> CheckReport:
    """Compute everything anew, and tell what of the stored was otherwise: nothing, or a night or a change has missed something.

    `since` (with its zone): only around the works and repairs written from then on; that says nothing of the rest, so that it is not
    kept as a self-check. The caller holds the writers' lock and commits.
    """
    before = begin(conn, day, fixed=True)
    subject = EVERYTHING if since is None else _written(conn, since)
    done: list[Recomputation] = []
    differences = recompute_scope.differences(
        conn, lambda: done.append(_computed(conn, subject, day, "check"))
    )
    checked = replace(done[0], differences=sum(row["number"] for row in differences.values()))
    if subject.everything:
        _keep(conn, checked)
    if checked.differences:
        which = {what: row["first"] for what, row in differences.items()}
        log.error("a full run differs from what was stored", differences=checked.differences, first=which)
    return CheckReport(checked, differences, before)


def _written(conn: sa.Connection, since: datetime) -> Subject:
    """The works and repairs written from then on, those that were taken away too."""
    works_ids, repair_ids = (
        conn.scalars(sa.select(table.c.id).where(table.c.updated_at >= since).order_by(table.c.id)).all()
        for table in (works, repairs)
    )
    return Subject(works_ids=works_ids, repair_ids=repair_ids)


def _run(conn: sa.Connection, subject: Subject, day: date, kind: Kind) -> Recomputation:
    done = _computed(conn, subject, day, kind)
    _keep(conn, done)
    return done


def _computed(conn: sa.Connection, subject: Subject, day: date, kind: Kind) -> Recomputation:
    started = time.monotonic()
    done = changes.record(conn, subject, day, new_day=True)
    looked_at: dict[str, int] = {}
    if not subject.everything:
        looked_at = {
            "works": len(subject.works_ids),
            "repairs": len(subject.repair_ids),
            "buildings": len(subject.building_ids),
        }
    made_with = recompute_scope.fingerprint(conn, rules.load_parameters(conn))
    return Recomputation(
        kind, day, made_with, done.opened, done.closed, done.alerts, round(time.monotonic() - started, 3), **looked_at
    )  # fmt: skip


def _keep(conn: sa.Connection, done: Recomputation) -> None:
    recomputations.add(conn, done)
    log.info("recomputed", **{name: value for name, value in _facts(done).items() if value is not None})


def _facts(done: Recomputation) -> dict[str, object]:
    names = (
        "kind",
        "day",
        "works",
        "repairs",
        "buildings",
        "opened",
        "closed",
        "alerts",
        "differences",
        "seconds",
    )
    return {name: getattr(done, name) for name in names}
