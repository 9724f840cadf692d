"""Works go in as batches, and what changed between two looks at them is written down."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from geo_service.domain.errors import Deleted, NotFound, VersionMismatch
from geo_service.domain.works import Phase, Works
from geo_service.store import deletions, listing, works
from geo_service.store.tables import phases, renumberings
from geo_service.store.tables import works as works_table
from tests.store.works_scenes import TODAY, changes, ground, phase, save, state, trench


def test_new_works_are_created_with_their_phases_and_the_group_of_their_owner(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("20717586", phase(30, 10, surfaces=("footpath",))))
    stored = works.get(conn, saved.id)
    assert (saved.outcome, saved.source_id) == ("created", "20717586")
    assert (stored["owner"], stored["utilities"], stored["version"]) == ("Proximus Area 2.1", ["Telecom"], 1)
    [only] = stored["phases"]
    assert only["geometry"].equals(ground(0))
    assert (only["starts_on"], only["ends_on"]) == (date(2026, 10, 1), date(2026, 10, 11))
    assert (only["opens_surface"], only["surfaces"]) == (True, ["footpath"])


def test_the_answer_comes_in_the_order_of_the_batch(conn: sa.Connection) -> None:
    save(conn, trench("b"), trench("d"))
    saved = save(conn, trench("d", title="Other"), trench("a"), trench("b"), trench("c"))
    assert [(one.source_id, one.outcome) for one in saved] == [
        ("d", "changed"), ("a", "created"), ("b", "unchanged"), ("c", "created"),
    ]  # fmt: skip


def test_the_same_works_again_write_nothing(conn: sa.Connection) -> None:
    batch = [trench("1", phase(1), phase(20, key="2")), trench("2", description="x", category="Categorie 3")]
    save(conn, *batch)
    before = state(conn)
    assert [one.outcome for one in save(conn, *batch)] == ["unchanged", "unchanged"]
    assert state(conn) == before
    assert changes(conn) == []


def test_a_slipped_start_and_end_are_written_down(conn: sa.Connection) -> None:
    [first] = save(conn, trench("1", phase(30, 10)))
    [second] = save(conn, trench("1", phase(150, 10)))
    assert second.outcome == "changed"
    assert changes(conn) == [
        ("1", "starts_on", "2026-10-01", "2027-01-29"),
        ("1", "ends_on", "2026-10-11", "2027-02-08"),
    ]
    assert works.get(conn, first.id)["version"] == 2


def test_a_phase_whose_name_holds_its_start_keeps_its_id_when_it_slips(conn: sa.Connection) -> None:
    [first] = save(conn, trench("1", phase(30, key="INNAME.1-2610010600")))
    [old] = works.get(conn, first.id)["phases"]
    save(conn, trench("1", phase(60, key="INNAME.1-2610310700")))
    [new] = works.get(conn, first.id)["phases"]
    assert (new["id"], new["source_key"]) == (old["id"], "INNAME.1-2610310700")
    assert [(key, field) for key, field, _, _ in changes(conn)] == [
        ("INNAME.1-2610310700", "starts_on"), ("INNAME.1-2610310700", "ends_on"),
    ]  # fmt: skip


def test_an_overdue_phase_that_slips_under_a_new_name_is_the_same_phase(conn: sa.Connection) -> None:
    [first] = save(conn, trench("1", phase(-30, 10, key="old")))
    [old] = works.get(conn, first.id)["phases"]
    save(conn, trench("1", phase(60, key="new")), keeps_past=True)
    assert [one["id"] for one in works.get(conn, first.id)["phases"]] == [old["id"]]


def test_a_market_day_that_passed_did_not_slip_to_the_next_season(conn: sa.Connection) -> None:
    def market(*days: Phase) -> Works:
        return trench("1", *days, kind="event")

    def day(start: int) -> Phase:
        return phase(start, 1, key=str(start), opens=False)

    save(conn, market(day(-7)), on=TODAY - timedelta(days=10))
    save(conn, market(day(180)), keeps_past=True)
    assert set(changes(conn)) == {("-7", "phase", "-7", None), ("180", "phase", None, "180")}


def test_phases_that_come_and_go_are_written_down(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("1", phase(10, key="a"), phase(20, key="b", at=40)))
    save(conn, trench("1", phase(20, key="b", at=40), phase(30, key="c", at=80), phase(40, key="d", at=120)))
    assert [one["source_key"] for one in works.get(conn, saved.id)["phases"]] == ["b", "c", "d"]
    assert ("d", "phase", None, "d") in changes(conn)
    save(conn, trench("1", phase(20, key="b", at=40)))
    assert ("c", "phase", "c", None) in changes(conn)
    assert [one["source_key"] for one in works.get(conn, saved.id)["phases"]] == ["b"]


def test_a_feed_without_past_does_not_remove_an_opening_that_is_over(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("1", phase(-30, key="past"), phase(20, key="next", at=40)))
    save(conn, trench("1", phase(20, key="next", at=40)), keeps_past=True)
    assert [one["source_key"] for one in works.get(conn, saved.id)["phases"]] == ["past", "next"]
    save(conn, trench("1", phase(20, key="next", at=40)), keeps_past=False)
    assert [one["source_key"] for one in works.get(conn, saved.id)["phases"]] == ["next"]


def test_a_phase_whose_record_could_not_be_read_stays(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("1", phase(10, key="a"), phase(20, key="b", at=40)))
    before = state(conn)
    assert save(conn, trench("1", phase(10, key="a")), unread=[("1", "b")])[0].outcome == "unchanged"
    assert state(conn) == before
    assert len(works.get(conn, saved.id)["phases"]) == 2


def test_another_length_of_the_works_is_a_change(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("1", working_days=10))
    assert save(conn, trench("1", working_days=10))[0].outcome == "unchanged"
    assert save(conn, trench("1", working_days=12))[0].outcome == "changed"
    assert works.get(conn, saved.id)["working_days"] == 12


@pytest.mark.parametrize(("moved_m", "outcome"), [(0.01, "unchanged"), (0.03, "changed")])
def test_ground_that_is_off_by_a_rounding_did_not_move(
    conn: sa.Connection, moved_m: float, outcome: str
) -> None:
    save(conn, trench("1", phase()))
    assert save(conn, trench("1", phase(at=moved_m)))[0].outcome == outcome


def test_moved_ground_is_written_down_as_it_was_and_as_it_is(conn: sa.Connection) -> None:
    save(conn, trench("1", phase(at=0)))
    save(conn, trench("1", phase(at=5)))
    [(key, field, old, new)] = changes(conn)
    assert (key, field) == ("1", "geometry")
    assert old is not None and new is not None
    assert "67020 179000" in old and "67025 179000" in new


@pytest.mark.parametrize(
    ("end", "finished_on"), [(20, TODAY), (-3, TODAY - timedelta(days=3))], ids=["early", "as planned"]
)
def test_works_that_become_done_are_finished_today_or_on_their_last_day(
    conn: sa.Connection, end: int, finished_on: date
) -> None:
    planned = trench("1", phase(end - 10, 10))
    [saved] = save(conn, planned)
    done = replace(planned, certainty="done", source_status="Uitgevoerd")
    save(conn, done)
    assert works.get(conn, saved.id)["finished_on"] == finished_on
    save(conn, replace(done, title="Other"), on=TODAY + timedelta(days=30))
    assert works.get(conn, saved.id)["finished_on"] == finished_on
    save(conn, replace(planned, certainty="in_progress"))
    assert works.get(conn, saved.id)["finished_on"] is None


def test_a_changed_status_is_written_down_in_the_words_of_both(conn: sa.Connection) -> None:
    save(conn, trench("1"))
    save(conn, trench("1", certainty="in_progress", source_status="In uitvoering"))
    assert changes(conn) == [
        (None, "certainty", "planned", "in_progress"),
        (None, "source_status", "Concreet gepland", "In uitvoering"),
    ]


def test_works_that_vanish_are_marked_once_and_keep_their_certainty(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("1"))
    assert works.mark_vanished(conn, [saved.id], observed_on=TODAY) == [saved.id]
    assert works.mark_vanished(conn, [saved.id], observed_on=TODAY) == []
    stored = works.get(conn, saved.id)
    assert stored["vanished_at"] is not None
    assert stored["certainty"] == "planned"
    assert changes(conn) == [(None, "vanished", None, "true")]


def test_vanished_works_come_back_as_changed(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("1"))
    works.mark_vanished(conn, [saved.id], observed_on=TODAY)
    assert save(conn, trench("1"))[0].outcome == "changed"
    assert works.get(conn, saved.id)["vanished_at"] is None
    assert changes(conn)[-1] == (None, "vanished", "true", None)


def test_deleted_works_are_in_no_list_until_they_come_back(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("1"))
    works.delete(conn, saved.id, version=1)
    with pytest.raises(NotFound):
        works.get(conn, saved.id)
    assert works.find(conn, listing.Window(), source="gipod").total == 0
    assert save(conn, trench("1"))[0].outcome == "changed"
    assert works.get(conn, saved.id)["version"] == 3


def test_a_delete_of_an_older_version_is_refused(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("1"))
    save(conn, trench("1", title="Other"))
    with pytest.raises(VersionMismatch) as refused:
        works.delete(conn, saved.id, version=1)
    assert refused.value.params["version"] == 2
    with pytest.raises(NotFound):
        works.delete(conn, uuid4())


def test_a_batch_takes_as_many_statements_as_one_works(conn: sa.Connection) -> None:
    counted: list[str] = []
    listener: Any = lambda _c, _cur, statement, *_: counted.append(statement)  # noqa: E731
    save(conn, trench("0"))
    sa.event.listen(conn, "before_cursor_execute", listener)
    save(conn, trench("1"))
    one = len(counted)
    save(conn, *(trench(str(n), phase(n, at=n), phase(n + 20, key="2")) for n in range(200)))
    sa.event.remove(conn, "before_cursor_execute", listener)
    assert len(counted) - one == one
    assert conn.scalar(sa.select(sa.func.count()).select_from(phases)) == 400


def test_of_two_records_that_works_turned_out_to_be_the_last_word_counts(conn: sa.Connection) -> None:
    gone, *others = [one.id for one in save(conn, trench("gone"), trench("first"), trench("second"))]
    works.delete(conn, gone)
    for decided, old in zip((2, 1), others, strict=True):
        row = {"source": "gipod", "target": "works", "old_id": old, "new_id": gone, "likeness": 1}
        ids = {"old_source_id": str(old), "new_source_id": "gone", "status": "confirmed"}
        decided_at = {"decided_at": datetime(2026, 9, decided, tzinfo=UTC)}
        conn.execute(sa.insert(renumberings).values(row | ids | decided_at))

    absent = deletions.absence(conn, works_table, gone)
    assert isinstance(absent, Deleted)
    assert absent.deletion["successor_id"] == others[0]
