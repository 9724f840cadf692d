"""A publisher gives new ids to the records it had: they are recognised, told once, and made one again in one step."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from shapely import box
from shapely.geometry.base import BaseGeometry

from geo_service.coordination import nights, renumberings
from geo_service.domain import geometry
from geo_service.domain.crs import WGS84
from geo_service.domain.errors import InvalidTransition
from geo_service.store import locks
from geo_service.store import renumberings as store
from tests.intake.conftest import TODAY, Import, counts, write_json

Rows = Callable[[str], list[Any]]

MAPPING = """
about = "test"
source = "{source}"
target = "{target}"
status_default = "planned"
type_default = {{ kind = "groundworks", opens_surface = true }}
[fields]
id = {{ from = ["id"] }}
owner = {{ from = ["owner"] }}
title = {{ from = ["street"] }}
starts_on = {{ from = ["from"] }}
ends_on = {{ from = ["to"] }}
"""


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


def zone(x: float = 0, length_m: float = 40, y: float = 0) -> BaseGeometry:
    return box(67_000 + x, 179_000 + y, 67_000 + x + length_m, 179_002 + y)


def record(
    id_: str,
    days: tuple[int, int] = (30, 60),
    ground: BaseGeometry | None = None,
    owner: str = "Stad Izegem",
) -> dict[str, Any]:
    """A record of the publisher; `days` count from today, both included."""
    shape = geometry.to_geojson(zone() if ground is None else ground, WGS84)
    told = {"id": id_, "owner": owner, "street": "Nieuwstraat", "from": day(days[0]), "to": day(days[1])}
    return {"type": "Feature", "geometry": shape, "properties": told}


class Publisher:
    """A source whose whole list is read again and again."""

    def __init__(self, take_in: Import, folder: Path, target: str, source: str) -> None:
        self._take_in, self._folder, self.target = take_in, folder, target
        self._mapping = folder / f"{source}.toml"
        self._mapping.write_text(MAPPING.format(source=source, target=target), encoding="utf-8")

    def shows(self, *records: dict[str, Any], **how: Any) -> Any:
        file = write_json(
            self._folder / "list.geojson", {"type": "FeatureCollection", "features": list(records)}
        )
        return self._take_in(self.target, file, mapping=str(self._mapping), **how)


@pytest.fixture
def repairs(take_in: Import, tmp_path: Path) -> Publisher:
    return Publisher(take_in, tmp_path, "repairs", "renewals")


@pytest.fixture
def works(take_in: Import, tmp_path: Path) -> Publisher:
    return Publisher(take_in, tmp_path, "works", "programme")


@pytest.fixture
def decide(city: sa.Engine) -> Callable[..., None]:
    """Confirm, or refuse, everything that is suggested."""

    def run(verb: str = "confirm") -> None:
        with city.begin() as conn:
            locks.claims_writer(conn)
            getattr(renumberings, verb)(conn, store.suggested(conn), "a person", TODAY)

    return run


SUGGESTED = "SELECT old_source_id, new_source_id, starts_moved FROM renumberings WHERE status = 'suggested' ORDER BY 1"
LIVE = "SELECT source_id, lower(planned)::text FROM repairs WHERE deleted_at IS NULL ORDER BY 1"
OPEN = "SELECT rule_id FROM conflicts WHERE status NOT IN ('expired', 'withdrawn') AND NOT shadow ORDER BY 1"
ALERTS = "SELECT type FROM alerts ORDER BY seq"


def test_a_renewal_under_a_new_id_is_suggested_as_the_one_that_vanished(
    repairs: Publisher, rows: Rows
) -> None:
    repairs.shows(record("old"))
    report = repairs.shows(record("new"))
    assert counts(report) == {"read": 1, "created": 1, "vanished": 1}
    assert (report.renumbered, report.as_json()["renumbered"]) == (1, 1)
    assert report.as_json()["renumberings"] == [
        {"old": "old", "new": "new", "likeness": 1.0, "starts_moved": 0, "ends_moved": 0}
    ]
    assert rows(SUGGESTED) == [("old", "new", 0)]


def test_no_conflict_is_told_twice_and_nothing_is_told_of_a_mere_new_id(
    repairs: Publisher, works: Publisher, rows: Rows
) -> None:
    works.shows(record("sewer", (40, 50), owner="Aquafin"))
    repairs.shows(record("old"))
    before, told = rows(OPEN), rows(ALERTS)
    assert before
    repairs.shows(record("new"))
    assert (rows(OPEN), rows(ALERTS)) == (before, told)


def test_confirmed_the_old_repair_lives_on_under_the_new_id(
    repairs: Publisher, works: Publisher, rows: Rows, decide: Callable[..., None]
) -> None:
    works.shows(record("sewer", (40, 50), owner="Aquafin"))
    repairs.shows(record("old"))
    [first] = rows("SELECT id FROM repairs")
    before, told = rows("SELECT id, status, repair_id FROM conflicts"), rows(ALERTS)
    repairs.shows(record("new"))
    decide()
    assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(first, "new")]
    assert rows("SELECT id, status, repair_id FROM conflicts") == before
    assert rows(ALERTS) == told
    assert rows("SELECT status, decided_by FROM renumberings") == [("confirmed", "a person")]
    assert counts(repairs.shows(record("new"))) == {"read": 1, "unchanged": 1}


def test_a_slip_is_told_as_a_slip_when_it_is_confirmed(
    repairs: Publisher, works: Publisher, rows: Rows, decide: Callable[..., None]
) -> None:
    works.shows(record("sewer", (40, 50), owner="Aquafin"))
    repairs.shows(record("old"))
    [first] = rows("SELECT id FROM repairs")
    repairs.shows(record("new", (120, 150)))
    assert rows(SUGGESTED) == [("old", "new", 90)]
    # the new days are looked at already, those that were left are not
    [speaking] = set(rows("SELECT repair_id FROM claims WHERE repair_id IS NOT NULL"))
    assert speaking != first
    decide()
    assert rows(LIVE) == [("new", day(120))]
    assert set(rows("SELECT repair_id FROM claims WHERE repair_id IS NOT NULL")) == {first}
    assert rows("SELECT starts_moved, ends_moved FROM renumberings") == [(90, 90)]


def test_of_a_held_repair_that_moves_under_a_new_id_no_release_is_told_before_a_person_decides(
    repairs: Publisher, works: Publisher, rows: Rows, decide: Callable[..., None]
) -> None:
    works.shows(record("sewer", (40, 50), owner="Aquafin"))
    repairs.shows(record("old"))
    [first] = rows("SELECT id FROM repairs")
    assert rows("SELECT held FROM repairs") == [True]
    repairs.shows(record("new", (120, 150)))
    of_old = f"SELECT type FROM alerts WHERE repair_id = '{first}' AND type LIKE 'repair.%' ORDER BY seq"
    assert rows(of_old) == ["repair.held"]
    decide()
    assert rows(of_old) == ["repair.held", "repair.released"]


def test_works_that_slipped_hold_repairs_on_their_old_days_until_a_person_decides(
    repairs: Publisher, works: Publisher, rows: Rows, decide: Callable[..., None]
) -> None:
    repairs.shows(record("renewal", (10, 20)))
    works.shows(record("sewer", (40, 50), owner="Aquafin"))
    [first] = rows("SELECT id FROM works")
    works.shows(record("sewer-2", (130, 140), owner="Aquafin"))
    assert len(set(rows("SELECT works_id FROM claims WHERE works_id IS NOT NULL"))) == 2
    decide()
    assert rows("SELECT id, source_id, vanished_at FROM works WHERE deleted_at IS NULL") == [
        (first, "sewer-2", None)
    ]
    assert rows(
        "SELECT field, old_value, new_value FROM source_changes WHERE field IN ('starts_on', 'ends_on') ORDER BY 1"
    ) == [("ends_on", day(51), day(141)), ("starts_on", day(40), day(130))]
    assert rows(
        "SELECT details ->> 'starts_on' FROM conflict_events e JOIN conflicts c ON c.id = e.conflict_id "
        "WHERE c.rule_id = 'wasted_repair' AND e.kind = 'changed'"
    ) == [f'["{day(40)}", "{day(130)}"]']
    assert set(rows("SELECT works_id FROM claims WHERE works_id IS NOT NULL")) == {first}


def test_works_under_a_new_id_have_no_second_conflict(
    repairs: Publisher, works: Publisher, rows: Rows, decide: Callable[..., None]
) -> None:
    repairs.shows(record("renewal", (10, 20)))
    works.shows(record("sewer", owner="Aquafin"), record("cable", (30, 60), zone(10), owner="Proximus"))
    before, told = rows(OPEN), len(rows(ALERTS))
    works.shows(record("sewer-2", owner="Aquafin"), record("cable", (30, 60), zone(10), owner="Proximus"))
    assert rows(SUGGESTED) == [("sewer", "sewer-2", 0)]
    assert rows(OPEN) == before
    decide()
    assert rows(OPEN) == before
    assert rows(ALERTS)[told:] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(record("old"), [record("new", (30 + 730, 60 + 730))], id="two years later"),
        pytest.param(record("old"), [record("new", ground=zone(20))], id="half of its ground"),
        pytest.param(record("old"), [record("new", owner="Aquafin")], id="another owner"),
        pytest.param(
            record("old"),
            [record("new 1", ground=zone(0, 20)), record("new 2", ground=zone(20, 20))],
            id="split in two",
        ),
        pytest.param(
            record("old", (-60, -10)), [record("new", (30, 60))], id="the next job after one that is over"
        ),
        pytest.param(record("old"), [], id="merely vanished"),
    ],
)
@pytest.mark.parametrize("target", ["repairs", "works"])
def test_what_is_another_job_is_not_suggested(
    request: pytest.FixtureRequest, rows: Rows, target: str, old: dict[str, Any], new: list[dict[str, Any]]
) -> None:
    publisher = request.getfixturevalue(target)
    far = record("far", ground=zone(1000))
    publisher.shows(old, far)
    report = publisher.shows(*new, far)
    assert (report.vanished, report.created, report.renumbered) == (1, len(new), 0)
    assert rows("SELECT count(*) FROM renumberings") == [0]


def test_a_new_record_beside_one_that_stays_is_another_one(repairs: Publisher, rows: Rows) -> None:
    repairs.shows(record("old"))
    repairs.shows(record("old"), record("new"))
    assert rows(SUGGESTED) == []


def test_of_two_candidates_the_nearest_is_offered(repairs: Publisher, rows: Rows) -> None:
    repairs.shows(record("this year"), record("next year", (200, 230)))
    report = repairs.shows(record("a", (205, 235)), record("b", (31, 61)), record("c", ground=zone(4)))
    assert report.renumbered == 2
    assert rows(SUGGESTED) == [("next year", "a", 5), ("this year", "b", 1)]


def test_refused_they_are_two_and_are_not_suggested_again(
    repairs: Publisher, works: Publisher, rows: Rows, decide: Callable[..., None]
) -> None:
    works.shows(record("sewer", (40, 50), owner="Aquafin"))
    repairs.shows(record("old"))
    once = rows(OPEN)
    repairs.shows(record("new"))
    decide("refuse")
    assert rows(LIVE) == [("new", day(30)), ("old", day(30))]
    assert rows(OPEN) == sorted([*once, *once])
    repairs.shows(record("new", (31, 60)))
    assert rows(SUGGESTED) == []


@pytest.mark.parametrize("target", ["repairs", "works"])
def test_an_import_under_either_id_finds_the_record(
    request: pytest.FixtureRequest, rows: Rows, decide: Callable[..., None], target: str
) -> None:
    publisher = request.getfixturevalue(target)
    live = f"SELECT id, source_id FROM {target} WHERE deleted_at IS NULL"
    publisher.shows(record("old"))
    [(first, _)] = rows(live)
    publisher.shows(record("new"))
    decide()
    for id_, outcome in (("old", "changed"), ("new", "changed"), ("new", "unchanged")):
        days = (31, 61) if id_ == "old" else (30, 60)
        assert counts(publisher.shows(record(id_, days))) == {"read": 1, outcome: 1}
        assert rows(live) == [(first, "new")]


@pytest.mark.parametrize("target", ["repairs", "works"])
def test_what_the_source_shows_under_both_ids_later_is_two_again(
    request: pytest.FixtureRequest, rows: Rows, decide: Callable[..., None], target: str
) -> None:
    publisher = request.getfixturevalue(target)
    publisher.shows(record("old"))
    publisher.shows(record("new"))
    decide()
    report = publisher.shows(record("old"), record("new"))
    assert (report.read, report.rejected, report.renumbered) == (2, 0, 0)
    live = f"SELECT source_id FROM {target} WHERE deleted_at IS NULL ORDER BY 1"
    assert rows(live) == ["new", "old"]
    assert counts(publisher.shows(record("old"), record("new"))) == {"read": 2, "unchanged": 2}


def test_a_suggestion_about_what_is_shown_again_is_withdrawn(
    repairs: Publisher, works: Publisher, rows: Rows
) -> None:
    works.shows(record("sewer", (40, 50), owner="Aquafin"))
    repairs.shows(record("old"))
    once = rows(OPEN)
    repairs.shows(record("new"))
    repairs.shows(record("old"), record("new"))
    assert rows("SELECT status FROM renumberings") == ["withdrawn"]
    assert rows(OPEN) == sorted([*once, *once])


def test_two_new_ids_in_a_row_are_one_record_in_the_end(
    repairs: Publisher, rows: Rows, decide: Callable[..., None]
) -> None:
    repairs.shows(record("first"))
    [only] = rows("SELECT id FROM repairs")
    repairs.shows(record("second"))
    repairs.shows(record("third", (40, 70)))
    assert rows(SUGGESTED) == [("first", "second", 0), ("second", "third", 10)]
    decide()
    assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(only, "third")]
    assert rows(LIVE) == [("third", day(40))]
    for id_ in ("first", "second", "third"):
        repairs.shows(record(id_, (40, 70)))
        assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(only, "third")]


def test_the_later_of_two_new_ids_may_be_confirmed_first(
    repairs: Publisher, city: sa.Engine, rows: Rows, decide: Callable[..., None]
) -> None:
    repairs.shows(record("first"))
    [only] = rows("SELECT id FROM repairs")
    repairs.shows(record("second"))
    repairs.shows(record("third"))
    [later] = rows("SELECT id FROM renumberings WHERE new_source_id = 'third'")
    with city.begin() as conn:
        locks.claims_writer(conn)
        renumberings.confirm(conn, [later], "a person", TODAY)
    decide()
    assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(only, "third")]
    for id_ in ("first", "second"):
        repairs.shows(record(id_))
        assert rows("SELECT id, source_id FROM repairs WHERE deleted_at IS NULL") == [(only, "third")]


def test_a_list_that_is_renumbered_as_a_whole_has_not_shrunk(repairs: Publisher, rows: Rows) -> None:
    def of(name: str) -> list[dict[str, Any]]:
        return [record(f"{name} {n}", ground=zone(100 * n)) for n in range(40)]

    repairs.shows(*of("old"))
    report = repairs.shows(*of("new"))
    assert (report.renumbered, report.vanished, report.withheld) == (40, 40, 0)
    assert len(rows(SUGGESTED)) == 40


def test_a_new_record_that_moves_while_nobody_decided_is_looked_at_as_it_is(
    repairs: Publisher, works: Publisher, rows: Rows
) -> None:
    works.shows(record("sewer", (40, 50), owner="Aquafin"))
    repairs.shows(record("old"))
    repairs.shows(record("new"))
    speaking = "SELECT DISTINCT r.source_id FROM claims c JOIN repairs r ON r.id = c.repair_id"
    assert rows(speaking) == ["old"]
    repairs.shows(record("new", (130, 160)))
    assert rows(speaking) == ["new"]
    assert rows(SUGGESTED) == [("old", "new", 100)]


def test_a_dry_run_counts_them_and_keeps_nothing(repairs: Publisher, rows: Rows) -> None:
    repairs.shows(record("old"))
    assert repairs.shows(record("new"), dry_run=True).renumbered == 1
    assert rows("SELECT count(*) FROM renumberings") == [0]


def test_what_is_decided_is_decided(repairs: Publisher, city: sa.Engine, rows: Rows) -> None:
    repairs.shows(record("old"))
    repairs.shows(record("new"))
    [id_] = rows("SELECT id FROM renumberings")
    with city.begin() as conn:
        locks.claims_writer(conn)
        renumberings.refuse(conn, [id_], "a person", TODAY)
        with pytest.raises(InvalidTransition):
            renumberings.confirm(conn, [id_], "another person", TODAY)


def test_a_repair_that_was_finished_here_stays_finished_under_its_new_id(
    repairs: Publisher, city: sa.Engine, rows: Rows, decide: Callable[..., None]
) -> None:
    repairs.shows(record("old"))
    with city.begin() as conn:
        conn.execute(sa.text("UPDATE repairs SET status = 'done', finished_on = '2026-08-20', cost_eur = 12"))
    repairs.shows(record("new"))
    decide()
    state = "SELECT source_id, status, finished_on::text, cost_eur FROM repairs WHERE deleted_at IS NULL"
    assert rows(state) == [("new", "done", "2026-08-20", 12)]


OUTCOME = "SELECT source_id, planned::text, scope, status, ST_AsText(ST_SnapToGrid(geom, 0.01)) FROM repairs WHERE deleted_at IS NULL ORDER BY 1"


def test_a_programme_that_was_renumbered_ends_as_if_only_the_new_edition_had_come(
    take_in: Import, works: Publisher, city: sa.Engine, rows: Rows, decide: Callable[..., None], shared: Path
) -> None:
    """Six renewals of Schaerbeek that all got new ids between January and April; two of them moved."""
    folder = shared / "findings/2026-11/files/real-programme-renumbered"
    edition = {name: folder / f"{name}.geojson" for name in ("january", "april")}

    def read(name: str, on: date) -> Any:
        return take_in("repairs", edition[name], mapping="osiris-programme-repairs", today=on)

    streets = json.loads(edition["january"].read_text(encoding="utf-8"))["features"]
    sewer = record("sewer", (150, 200), owner="Aquafin")
    works.shows(
        *(
            {**sewer, "geometry": one["geometry"], "properties": {**sewer["properties"], "id": n}}
            for n, one in enumerate(streets)
        )
    )
    read("january", date(2026, 1, 5))
    report = read("april", date(2026, 4, 6))
    assert (report.created, report.vanished, report.renumbered, report.withheld) == (6, 6, 6, 0)
    moved = {one["old"]: (one["new"], one["starts_moved"]) for one in report.renumberings}
    assert moved == {
        "CH_00082": ("CH_0081", 0),
        "CH_00402": ("CH_0407", 0),
        "CH_00470": ("CH_0475", 365),
        "CH_00025": ("CH_0025", 0),
        "CH_00290": ("CH_0295", 273),
        "CH_00305": ("CH_0313", 0),
    }
    undecided = rows(OPEN)
    decide()
    found = rows(OUTCOME), rows(OPEN)
    assert found[1] == undecided != []
    with city.begin() as conn:
        locks.claims_writer(conn)
        again = nights.recompute(conn, TODAY)
    assert (again.opened, again.closed) == (0, 0)
    with city.begin() as conn:
        conn.execute(sa.text("TRUNCATE repairs, renumberings CASCADE"))
        conn.execute(sa.text("DELETE FROM claims WHERE repair_id IS NOT NULL"))
    read("april", date(2026, 4, 6))
    assert (rows(OUTCOME), rows(OPEN)) == found
