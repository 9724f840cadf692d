"""One record under two ids of its publisher: suggested while an import runs, confirmed or refused by a person in one step.

Confirmed, the record that was there lives on under the new id, with its history, conflicts and what was agreed on them; what came in under the
new id is dissolved into it. Both ids stay known: an import under either finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.coordination import changes
from geo_service.detection.run import Subject
from geo_service.domain.errors import InvalidTransition
from geo_service.domain.renumbering import Pair, Target, paired
from geo_service.domain.works import Works
from geo_service.store import renumberings as store
from geo_service.store import rules, works, works_batch
from geo_service.store.listing import Row

PACKAGE = "geo_service.coordination"


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """What an import just stored of a source: `new_ids` are works or repairs (`target`) that were not there before, `touched_ids` all of
    them, and `gone_ids` those that it no longer shows."""

    source: str
    target: Target
    new_ids: Sequence[UUID]
    touched_ids: Sequence[UUID]
    gone_ids: Sequence[UUID]


def suggest(conn: sa.Connection, stored: ImportBatch, today: date) -> tuple[list[Pair], set[UUID]]:
    """Suggest which of the new records may be which of those that are gone: the pairs that were not known, and the ids of works or
    repairs of which the claims have to be made anew.

    The caller holds the writers' lock, has stored the records, and detects afterwards.
    """
    params = {
        "source": stored.source,
        "new_ids": list(stored.new_ids) if stored.gone_ids else [],
        "touched_ids": list(stored.touched_ids),
        "old_ids": list(stored.gone_ids) if stored.new_ids else [],
        "today": today,
        **asdict(rules.load_parameters(conn)),
    }
    rows = db.fetch(conn, PACKAGE, f"renumberings_{stored.target}", **params)
    pairs = [_pair(row, stored.target) for row in rows]
    silences = {(row["old_id"], row["new_id"]): row["silent_before"] for row in rows if row["is_known"]}
    best = paired(pairs)
    kept = {(pair.old_id, pair.new_id) for pair in best}
    store.suggest(conn, stored.source, best, silences.keys() - kept)
    fresh = [pair for pair in best if (pair.old_id, pair.new_id) not in silences]
    still = [pair for pair in best if silences.get((pair.old_id, pair.new_id)) is not None]
    silenced = {pair.silent_id for pair in [*fresh, *still]} ^ set(silences.values())
    return fresh, {one for one in silenced if one}


def confirm(conn: sa.Connection, ids: Sequence[UUID], actor: str, today: date) -> list[Row]:
    """Confirm these suggestions and return them, in the order in which they were suggested.

    Differences between the two records are stored as changes by the source. The caller holds the writers' lock. Raises NotFound, and InvalidTransition
    about one that is decided.
    """
    touched = _suggestions(conn, ids)
    waiting = [row["id"] for row in touched]
    while waiting:
        rows = store.get(conn, waiting)
        new_ids = {row["new_id"] for row in rows}
        # a pair whose old record is the new record of another pair waits until that one is merged
        ready = [row for row in rows if row["old_id"] not in new_ids]
        for target in ("works", "repairs"):
            _merge(conn, target, [row for row in ready if row["target"] == target], actor, today)
        waiting = [row["id"] for row in rows if row["old_id"] in new_ids]
    _record(conn, touched, today)
    return store.get(conn, ids)


def refuse(conn: sa.Connection, ids: Sequence[UUID], actor: str, today: date) -> list[Row]:
    """Refuse these suggestions: the records are two each, and are not suggested again. The caller holds the writers' lock. Raises as `confirm`."""
    touched = _suggestions(conn, ids)
    store.decide(conn, [row["id"] for row in touched], "refused", actor)
    _record(conn, touched, today)
    return store.get(conn, ids)


def break_silence(conn: sa.Connection, record_id: UUID, today: date) -> None:
    """End the silence of a suggested pair before one of its records changes, so that both claim ground again. The caller holds the
    writers' lock."""
    _let_speak(conn, store.break_silence(conn, record_id), today)


def withdraw(conn: sa.Connection, record_id: UUID, today: date) -> None:
    """Withdraw the suggestions about works that somebody is about to delete. The caller holds the writers' lock."""
    silent = store.break_silence(conn, record_id)
    store.withdraw(conn, record_id)
    _let_speak(conn, silent, today)


def _let_speak(conn: sa.Connection, silent: Sequence[Row], today: date) -> None:
    for row in silent:
        named = [row["silent_id"]]
        subject = Subject(works_ids=named) if row["target"] == "works" else Subject(repair_ids=named)
        changes.record(conn, subject, today)


def _suggestions(conn: sa.Connection, ids: Sequence[UUID]) -> list[Row]:
    rows = store.get(conn, ids)
    for row in rows:
        if row["status"] != "suggested":
            raise InvalidTransition("renumbering_decided", given=str(row["id"]), status=row["status"])
    return rows


def _merge(conn: sa.Connection, target: Target, rows: Sequence[Row], actor: str, today: date) -> None:
    if not rows:
        return
    ids = [row["id"] for row in rows]
    came = works.of(conn, [row["new_id"] for row in rows]) if target == "works" else []
    db.execute(conn, PACKAGE, "renumberings_records", ids=ids)
    store.swap_ids(conn, target, ids)
    store.decide(conn, ids, "confirmed", actor)
    store.follow(conn, ids)
    if target == "works":
        named = {row["new_id"]: row["new_source_id"] for row in rows}
        records = [replace(Works.from_row(row), source_id=named[row["id"]]) for row in came]
        # openings that are over stay: whoever made them answers for them under any id
        works_batch.save(conn, records, observed_on=today, keeps_past=True)
    else:
        for statement in ("renumberings_repairs_merge", "renumberings_reports"):
            db.execute(conn, PACKAGE, statement, ids=ids)


def _record(conn: sa.Connection, rows: Sequence[Row], today: date) -> None:
    touched: dict[str, set[UUID]] = {"works": set(), "repairs": set()}
    for row in rows:
        touched[row["target"]] |= {row["old_id"], row["new_id"]}
    subject = Subject(works_ids=sorted(touched["works"]), repair_ids=sorted(touched["repairs"]))
    if rows:
        changes.record(conn, subject, today)


def _pair(row: Row, target: Target) -> Pair:
    names = (
        "old_id",
        "new_id",
        "old_source_id",
        "new_source_id",
        "likeness",
        "starts_moved",
        "ends_moved",
        "same",
    )
    return Pair(target, **{name: row[name] for name in names})
