"""What is cut is what is lost: edges, pits, crossings, surfaces, and works that say little of where or when they are."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from shapely import box

from tests.scenes import PROXIMUS, Scene


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    return Scene(conn)


def facts(scene: Scene, rule: str = "wasted_repair") -> Any:
    return scene.conflict(rule)["facts"]


def test_a_cut_at_the_edge_loses_the_cut_and_half_a_metre_around_it(scene: Scene) -> None:
    scene.section(length_m=30, width_m=2)
    scene.repair(at=(5, 1), planned=(3, 4))
    scene.works(at=(28.9, 0), length_m=1.5, width_m=2, days=(30, 40))
    told = facts(scene)
    assert told["overlap_m2"] == pytest.approx(2.2, abs=0.01)
    assert told["lost_m2"] == pytest.approx(3.2, abs=0.01), "1.1 + 0.5 m of the 2 m"
    assert told["cost_at_risk_eur"] == pytest.approx(
        7200 * told["lost_share"] * (1 - 26 / 7305) * 0.85, abs=1
    )
    assert told["cost_at_risk_eur"] < 0.06 * 7200


@pytest.mark.parametrize(("length_m", "lost"), [(12.5, 0.65), (13.5, 1.0)], ids=["under two thirds", "over"])
def test_who_must_relay_two_thirds_relays_all(scene: Scene, length_m: float, lost: float) -> None:
    scene.section(length_m=20, width_m=2)
    scene.repair(at=(5, 1), planned=(3, 4))
    scene.works(at=(0, 0), length_m=length_m, width_m=2)
    assert facts(scene)["lost_share"] == pytest.approx(lost, abs=0.001)


def test_works_that_only_come_near_take_the_nearest_edge(scene: Scene) -> None:
    scene.section(length_m=20, width_m=2)
    scene.repair(at=(5, 1), planned=(3, 4))
    scene.works(at=(20.4, 0), length_m=10, width_m=2)
    told = facts(scene)
    assert (told["overlap_m2"], told["distance_m"]) == (0, pytest.approx(0.4, abs=0.01))
    assert told["lost_m2"] == pytest.approx(1.0, abs=0.01), "half a metre of the 2 m"


def test_a_pit_grows_to_its_working_width_and_no_further(scene: Scene) -> None:
    works = scene.works(at=(5, 0), length_m=1.8, width_m=1.0, category="Categorie 3")
    ask = sa.text("SELECT ST_Area(geom) FROM claims WHERE works_id = :works AND kind = 'opening'")
    assert scene.conn.scalar(ask, {"works": works}) == pytest.approx(1.5 * 2.3, abs=0.001)


@pytest.mark.parametrize(("north", "area_m2"), [(3.0, 40.0), (3.25, 2.25)], ids=["half", "less than half"])
def test_ground_that_lies_in_a_section_for_half_takes_that_section(
    scene: Scene, north: float, area_m2: float
) -> None:
    scene.section(length_m=20, width_m=2)
    repair = scene.repair(shape=box(5, 1, 6, north))
    ask = sa.text("SELECT max(ST_Area(geom)) FROM claims WHERE repair_id = :repair")
    assert scene.conn.scalar(ask, {"repair": repair}) == pytest.approx(area_m2, abs=0.01)


def test_a_strip_of_several_pieces_has_the_width_of_a_piece(scene: Scene) -> None:
    pieces = box(0, 0, 10, 1).union(box(20, 0, 30, 1))
    works = scene.works(shape=pieces)
    ask = sa.text("SELECT ST_Area(geom) FROM claims WHERE works_id = :works AND kind = 'opening'")
    assert scene.conn.scalar(ask, {"works": works}) == pytest.approx(2 * 10.5 * 1.5, abs=0.001)


@pytest.mark.parametrize(
    ("category", "y", "hits"), [("pothole", 4.5, 0), ("loose_slab", 2.6, 1), ("other", 5.5, 0)]
)
def test_a_hole_in_the_carriageway_is_not_in_the_trench_of_the_footpath(
    scene: Scene, category: Any, y: float, hits: int
) -> None:
    scene.street()
    scene.works(at=(0, 0.5), width_m=1.2, certainty="in_progress", days=(-5, 6))
    scene.repair(at=(5, y), scope="spot", category=category)
    assert len(scene.conflicts()) >= hits
    assert bool(scene.conflicts()) == bool(hits)


def test_asphalt_wastes_the_patch_of_a_pothole_in_the_carriageway(scene: Scene) -> None:
    scene.street()
    scene.works("Stad Izegem", at=(0, 2), width_m=8, utilities=["Asfalt"], certainty="confirmed")
    repair = scene.repair(at=(5, 6), scope="spot", category="pothole")
    assert facts(scene).get("after") is None
    assert scene.advice(repair).blocked


def test_a_running_site_that_says_in_a_smaller_zone_where_it_is_is_no_umbrella_there(scene: Scene) -> None:
    site = scene.works(
        shape=box(-100, -100, 100, 100), days=(-100, 758), certainty="in_progress", name="site"
    )
    repair = scene.repair(at=(5, 1), scope="spot")
    assert not scene.advice(repair).blocked
    scene.add_phase(site, box(0, -10, 60, 10))
    assert scene.advice(repair).blocked


def test_umbrella_works_of_which_a_good_part_is_shared_are_not_played_down(scene: Scene) -> None:
    scene.works(shape=box(0, 0, 200, 200), days=(-100, 800), certainty="in_progress")
    scene.works(PROXIMUS + " 2", shape=box(0, 0, 100, 65), days=(10, 600), certainty="planned")
    assert [found.severity for found in scene.conflicts("works_clash")] in (["medium"], [])
    scene.works("Aquafin", shape=box(0, 0, 100, 65), days=(10, 600), certainty="planned")
    assert "medium" in {found.severity for found in scene.conflicts("works_clash")}


def test_a_wish_that_says_it_is_over_before_the_repair_begins_does_not_meet_it(scene: Scene) -> None:
    scene.section(length_m=20)
    scene.works(days=(10, 40), certainty="indicative")
    scene.repair(at=(5, 1), planned=(50, 52))
    assert scene.conflicts() == []
    scene.repair(at=(5, 1), planned=(39, 41))
    assert scene.rules_hit() == ["repair_during_works"]
