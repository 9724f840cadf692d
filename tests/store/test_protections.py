"""The protection register: what counts as a re-lay, for how long, who sees it, and what may be opened all the same."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from shapely import box

from geo_service.coordination import steps
from geo_service.coordination.steps import Actor
from geo_service.domain.errors import InvalidTransition
from geo_service.store import listing, protections
from geo_service.store.listing import Row
from tests.scenes import TODAY, Scene

DESK = Actor("user:An", "An", "utilities_desk")


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    scene = Scene(conn)
    scene.section(length_m=60)
    return scene


def register(scene: Scene, **only: Any) -> list[Row]:
    return list(protections.find(scene.conn, listing.Window(), **only).rows)


def laid(scene: Scene, length_m: float, width_m: float) -> bool:
    """Whether ground of this size, laid yesterday, counts as a re-lay."""
    repair = scene.repair(scope="area", shape=box(0, 0, length_m, width_m))
    scene.complete(repair, on=-1, scope="area")
    [row] = register(scene)
    assert (row["length_m"], row["width_m"]) == (length_m, width_m)
    return bool(row["counts"])


@pytest.mark.parametrize(
    ("length_m", "width_m", "counts"),
    [(31, 2, True), (30, 2, False), (31, 1.35, True), (31, 1.3, False), (5, 2, False)],
)
def test_more_than_thirty_metres_and_two_thirds_of_the_width_is_a_re_lay(
    scene: Scene, length_m: float, width_m: float, counts: bool
) -> None:
    assert laid(scene, length_m, width_m) is counts


def test_a_re_lay_stands_in_the_street_that_has_most_of_it(scene: Scene) -> None:
    for street, at in (("Kerkstraat", (0, 20)), ("Nieuwstraat", (8, 20))):
        scene.section(at, length_m=8 if street == "Kerkstraat" else 40, street=street)
    repair = scene.repair(scope="area", shape=box(4, 20, 40, 22))
    scene.complete(repair, on=-1, scope="area")
    [row] = register(scene)
    assert row["street"] == "Nieuwstraat"


def test_a_city_re_lay_protects_five_years_and_utility_works_two(scene: Scene) -> None:
    repair = scene.repair()
    scene.complete(repair, on=0)
    scene.works(days=(-20, -10), certainty="done", at=(0, 10), length_m=40)
    [city] = register(scene, kind="repair")
    [utility] = register(scene, kind="works")
    assert (city["laid_on"], city["until"]) == (TODAY, TODAY.replace(year=2031))
    assert utility["until"].year - utility["laid_on"].year == 2
    assert utility["owner_group"] == "proximus"


def test_works_that_may_only_be_finished_protect_nothing(scene: Scene) -> None:
    scene.works(days=(-60, -30), certainty="in_progress", length_m=40)
    assert register(scene) == []


def test_a_spot_is_not_in_it(scene: Scene) -> None:
    repair = scene.repair(scope="spot")
    scene.complete(repair, on=0, scope="spot")
    assert register(scene) == []


def test_a_partner_sees_what_it_laid_itself(scene: Scene) -> None:
    repair = scene.repair()
    scene.complete(repair, on=0)
    scene.works(days=(-20, -10), certainty="done", at=(0, 10))
    scene.works(owner="Fluvius", days=(-20, -10), certainty="done", at=(30, 10))
    assert [row["owner_group"] for row in register(scene, party="proximus")] == ["proximus"]


def test_another_measure_of_the_city_counts(scene: Scene) -> None:
    scene.conn.execute(
        sa.text("INSERT INTO parameters (name, value, source) VALUES ('relay_least_m', 4, 't')")
    )
    assert laid(scene, 5, 2) is True


def test_works_may_open_it_for_a_reason_on_record(scene: Scene) -> None:
    repair = scene.repair()
    scene.complete(repair, on=0)
    scene.works(days=(30, 44))
    row = scene.conflict("wasted_repair")
    steps.exempt(scene.conn, row["id"], "new_connection", "huis 12", DESK, row["version"], TODAY)
    assert scene.conflict("wasted_repair")["status"] == "accepted_risk"
    details = scene.details("wasted_repair")
    assert (details["exception"], details["note"]) == ("new_connection", "huis 12")


@pytest.mark.parametrize(("done", "begin"), [(-1_900, 30), (0, 1_826)], ids=["long ago", "until that day"])
def test_what_was_protected_before_the_works_begin_needs_no_exception(
    scene: Scene, done: int, begin: int
) -> None:
    repair = scene.repair()
    scene.complete(repair, on=done)
    scene.works(days=(begin, begin + 14))
    row = scene.conflict("wasted_repair")
    with pytest.raises(InvalidTransition):
        steps.exempt(scene.conn, row["id"], "emergency", None, DESK, row["version"], TODAY)


def test_what_is_not_protected_needs_no_exception(scene: Scene) -> None:
    scene.works(days=(30, 44), certainty="confirmed")
    scene.repair()
    row = scene.conflict("wasted_repair")
    with pytest.raises(InvalidTransition):
        steps.exempt(scene.conn, row["id"], "emergency", None, DESK, row["version"], TODAY)
