"""Store the groups with new records in batches, none of which holds the writers' lock for long."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

from geo_service import db, sql
from geo_service.coordination import changes, renumberings
from geo_service.detection.run import Subject
from geo_service.domain.repairs import RepairDraft
from geo_service.domain.works import Works
from geo_service.intake.pipeline import stage
from geo_service.intake.pipeline.import_run import ImportRun
from geo_service.intake.records import GroupResult, Source
from geo_service.store import organisations, repairs, works_batch
from geo_service.store.listing import Row
from geo_service.store.repairs import RepairResult

HELD_S = 0.4
"""The time that a batch may hold the writers' lock (s); a person who plans a repair does not notice it."""
FIRST_GROUPS = 500
LEAST_GROUPS = 100
MOST_GROUPS = 4000

Saved = works_batch.WorksResult | RepairResult


@dataclass(slots=True)
class BatchSizer:
    """Sets the number of groups per batch from the time that the last batch held the lock."""

    groups: int = field(default_factory=lambda: FIRST_GROUPS)

    def record_hold(self, seconds: float) -> None:
        """Adapt the size: the last batch held the lock for `seconds`."""
        fits = self.groups * HELD_S / max(seconds, 1e-3)
        self.groups = round(min(max(fits, LEAST_GROUPS, self.groups / 2), MOST_GROUPS, self.groups * 2))


@dataclass(slots=True)
class _Batch:
    """The results of some groups; `usable` holds the groups with works or a repair."""

    groups: Sequence[list[stage.StagedRecord]]
    built: Sequence[GroupResult]
    usable: list[tuple[list[stage.StagedRecord], Works | RepairDraft]] = field(init=False)
    rejected_rows: set[int] = field(init=False)

    def __post_init__(self) -> None:
        pairs = zip(self.groups, self.built, strict=True)
        self.usable = [(group, one.item) for group, one in pairs if one.item is not None]
        self.rejected_rows = {rejection.row for one in self.built for rejection in one.rejections}


def store(run: ImportRun) -> None:
    """Build and store all groups that changed."""
    sizer = BatchSizer()
    owners: set[str] = set()
    for batch in _batches(run, sizer):
        new = {item.owner for _, item in batch.usable} - owners
        if new and not run.dry:
            # Before the lock and committed at once: a writer that holds it may need the same new owner, and would wait for us for ever.
            with run.step():
                organisations.ensure(run.conn, new)
            owners |= new
        with run.step():
            began = _store_batch(run, batch)
            run.note(sum(map(len, batch.groups)))
        sizer.record_hold(time.monotonic() - began)
        run.report_progress()


def _batches(run: ImportRun, sizer: BatchSizer) -> Iterator[_Batch]:
    """Build the batches; the next one is built while PostgreSQL stores the current one."""
    with ThreadPoolExecutor(1, "build") as builder:

        def begin(after: str) -> Future[_Batch] | None:
            with run.staged():
                rows = stage.take(run.conn, after, sizer.groups)
            return builder.submit(_build, run.source, rows) if rows else None

        coming = begin("")
        while coming:
            batch = coming.result()
            coming = begin(batch.groups[-1][0].record.group)
            yield batch


def _build(source: Source, rows: Sequence[Row]) -> _Batch:
    groups = stage.groups(rows)
    return _Batch(groups, source.build([[one.record for one in group] for group in groups]))


def detect(run: ImportRun, ids: Sequence[UUID]) -> None:
    """Update the claims, conflicts, advice and alerts of these works or repairs."""
    if ids:
        subject = Subject(works_ids=ids) if run.source.target == "works" else Subject(repair_ids=ids)
        run.report.conflicts_opened += changes.record(run.conn, subject, run.today).opened


def _store_batch(run: ImportRun, batch: _Batch) -> float:
    """Store a batch and its records, and detect; return when the lock was taken. Work without the lock comes
    first.
    """
    for one in batch.built:
        for rejection in one.rejections:
            run.report.reject(rejection)
    began, saved = _save(run, batch)
    readable = [
        [staged for staged in group if staged.record.row not in batch.rejected_rows]
        for group, _ in batch.usable
    ]
    useful = list(zip(readable, saved, strict=True))
    _keep_records(run, useful)
    for group, stored in useful:
        for staged in group:
            run.report.count("unchanged" if stored.outcome == "changed" and staged.same else stored.outcome)
    stored_ids = [stored.id for _, stored in useful if stored.outcome != "unchanged"]
    new_ids = [stored.id for _, stored in useful if stored.outcome == "created"]
    detect(run, list(dict.fromkeys([*stored_ids, *_suggest_renumbered(run, new_ids, stored_ids)])))
    return began


def _suggest_renumbered(run: ImportRun, new_ids: Sequence[UUID], stored_ids: Sequence[UUID]) -> set[UUID]:
    """Compare new records with absent ones; return the ids whose claims must be recomputed."""
    if not stored_ids:
        return set()
    source = run.source
    stored = renumberings.ImportBatch(source.name, source.target, new_ids, stored_ids, run.gone_ids)
    pairs, silenced = renumberings.suggest(run.conn, stored, run.today)
    run.renumbered_ids |= {pair.old_id for pair in pairs}
    run.report.renumber(pairs)
    return silenced


def _save(run: ImportRun, batch: _Batch) -> tuple[float, Sequence[Saved]]:
    """Store the results; return when the lock was taken, and the outcome of each works or repair."""
    items = [item for _, item in batch.usable]
    if run.dry:  # its new owners stay uncommitted: the holder of the lock must not wait for them
        run.take_lock()
    if run.source.target == "works":
        works_batch.hand_in(run.conn, [one for one in items if isinstance(one, Works)])
        unread = _unread(run, batch)
        began = _take_lock(run)
        keeps_past = run.source.keeps_past
        return began, works_batch.take_in(
            run.conn, observed_on=run.today, keeps_past=keeps_past, unread=unread
        )
    began = _take_lock(run)
    return began, repairs.save_imported(run.conn, [one for one in items if isinstance(one, RepairDraft)])


def _take_lock(run: ImportRun) -> float:
    run.take_lock()
    return time.monotonic()


def _unread(run: ImportRun, batch: _Batch) -> list[tuple[str, str]]:
    """Phases without information in this import: their record is unreadable or older than what is stored, or the
    source was not read completely.
    """
    unread = [
        (group[0].record.group, staged.record.key)
        for group, _ in batch.usable
        for staged in group
        if staged.record.row in batch.rejected_rows
    ]
    counts_before = {
        staged.works_id: staged.record.group
        for group, _ in batch.usable
        for staged in group
        if staged.works_id
    }
    if counts_before:
        absent = stage.absent(run.conn, run.source.name, list(counts_before), full=run.coverage.full)
        unread += [(counts_before[works_id], key) for works_id, keys in absent.items() for key in keys]
    return unread


def _keep_records(run: ImportRun, useful: Sequence[tuple[list[stage.StagedRecord], Saved]]) -> None:
    pairs = [(staged.record.row, stored.id) for group, stored in useful for staged in group]
    db.execute(
        run.conn,
        stage.PACKAGE,
        "records_store",
        source=run.source.name,
        are_works=run.source.target == "works",
        rows=[row for row, _ in pairs],
        ids=sql.uuids(id_ for _, id_ in pairs),
    )
