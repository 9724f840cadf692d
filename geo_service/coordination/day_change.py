"""Bring claims, conflicts and advice to a new day.

`store.recomputations` holds the day for which they were computed. `begin` recomputes what `detection/recompute_scope.sql` names as different between
that day and today, however many days lie between. When rules, parameters or code changed since the last run, or the day goes back, it recomputes
everything. The alerts are those of a full run; `check` compares what is stored with one.
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
    """A full run, where it differs from what was stored (by kind: `number` of rows, names of the `first` ten), and the recomputation that was due
    before it: a new day, or changed rules."""

    run: Recomputation
    differences: Mapping[str, Row]
    before: Recomputation | None


def begin(conn: sa.Connection, day: date, *, fixed: bool = False) -> Recomputation | None:
    """Bring everything to `day`; return None when that is the stored day.

    The caller holds the writers' lock and reads the day after taking it, so that of two workers the second finds nothing to do. An earlier
    day comes from a host whose clock is behind: nothing is done, unless the settings fix the day (`fixed`).

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
    """Recompute everything for `day`; the caller holds the writers' lock and commits."""
    works_store.name_layers(conn)
    return _run(conn, EVERYTHING, day, "full")


def check(conn: sa.Connection, day: date, since: datetime | None = None) -> CheckReport:
    """Recompute everything and return where the stored rows differ: any difference is a mistake of an earlier run.

    `since` (with its zone): only around the works and repairs written from then on; such a run is not stored as a self-check. The caller
    holds the writers' lock and commits.
    """
    before = begin(conn, day, fixed=True)
    subject = EVERYTHING if since is None else _written_since(conn, since)
    done: list[Recomputation] = []
    differences = recompute_scope.differences(
        conn, lambda: done.append(_recompute(conn, subject, day, "check"))
    )
    checked = replace(done[0], differences=sum(row["number"] for row in differences.values()))
    if subject.everything:
        _keep(conn, checked)
    if checked.differences:
        which = {what: row["first"] for what, row in differences.items()}
        log.error("a full run differs from what was stored", differences=checked.differences, first=which)
    return CheckReport(checked, differences, before)


def _written_since(conn: sa.Connection, since: datetime) -> Subject:
    """The works and repairs written from then on, including removed ones."""
    works_ids, repair_ids = (
        conn.scalars(sa.select(table.c.id).where(table.c.updated_at >= since).order_by(table.c.id)).all()
        for table in (works, repairs)
    )
    return Subject(works_ids=works_ids, repair_ids=repair_ids)


def _run(conn: sa.Connection, subject: Subject, day: date, kind: Kind) -> Recomputation:
    done = _recompute(conn, subject, day, kind)
    _keep(conn, done)
    return done


def _recompute(conn: sa.Connection, subject: Subject, day: date, kind: Kind) -> Recomputation:
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
