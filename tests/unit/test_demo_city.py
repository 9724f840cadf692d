"""The demo city: looks like a town, holds the golden facts, and comes out the same every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import Point

from geo_service.demo.gipod import feature_id
from geo_service.demo.model import City, DemoWork, GoldenPlace, PavementSection
from geo_service.demo.stage import WORKS_DAYS
from tests.serving import TODAY


@pytest.fixture
def city(demo_city: City) -> City:
    return demo_city


def digest(city: City) -> str:
    """One number for everything in the city, geometry to the last bit."""
    text = hashlib.sha256()
    for things in (
        city.streets,
        city.pavements,
        city.buildings,
        city.grounds,
        city.works,
        city.repairs,
        city.golden,
    ):
        for thing in things:
            for name in thing.__dataclass_fields__:
                value = getattr(thing, name)
                text.update(value.wkb if hasattr(value, "wkb") else repr(value).encode())
    return text.hexdigest()


def overlaps(a: Iterable[object], b: Iterable[object] | None = None) -> list[float]:
    """Areas in m² of every overlap between two sets of things, or within one."""
    first = np.array([thing.geometry for thing in a])
    second = first if b is None else np.array([thing.geometry for thing in b])
    i, j = shapely.STRtree(second).query(first, predicate="intersects")
    if b is None:
        i, j = i[i < j], j[i < j]
    return list(shapely.area(shapely.intersection(first[i], second[j])))


def place(city: City, scenario: int) -> GoldenPlace:
    return next(place for place in city.golden if place.scenario == scenario)


def section(city: City, code: str) -> PavementSection:
    return next(section for section in city.pavements if section.code == code)


def works_of(city: City, golden: GoldenPlace) -> list[DemoWork]:
    return [work for work in city.works if feature_id(work) in golden.works]


def days(work: DemoWork) -> tuple[int, int]:
    """The first day and the day after the last, counted from today, in Brussels."""
    return (work.starts_at.date() - TODAY).days, (work.ends_at.date() - TODAY).days


def test_another_process_with_another_hash_seed_makes_the_same_city(city: City) -> None:
    script = (
        "from geo_service.demo.region import generate_city\n"
        "from tests.unit.test_demo_city import TODAY, digest\n"
        "print(digest(generate_city(today=TODAY)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == digest(city)


def test_it_has_the_size_of_izegem(city: City) -> None:
    assert 11_000 <= len(city.buildings) <= 14_000
    assert 5_000 <= sum(s.kind == "footpath" for s in city.pavements) <= 8_000
    assert 150 <= len(city.works) <= 210
    assert 110 <= len(city.repairs) <= 130
    functions = Counter(building.function for building in city.buildings)
    assert functions["fire_station"] == functions["town_hall"] == 1
    assert functions["school"] >= 4
    assert 2 <= functions["care_home"] <= 3


def test_names_codes_numbers_and_ids_come_once(city: City) -> None:
    for names in (
        [street.name for street in city.streets],
        [section.code for section in city.pavements],
        [building.source_id for building in city.buildings],
        [(building.street, building.house_number) for building in city.buildings],
        [repair.ref for repair in city.repairs],
        [feature_id(work) for work in city.works],
    ):
        assert len(set(names)) == len(names)


def test_every_shape_is_valid_and_inside_the_territory(city: City) -> None:
    shapes = np.array(
        [thing.geometry for thing in (*city.pavements, *city.buildings, *city.grounds, *city.works)]
    )
    assert shapely.is_valid(shapes).all() and not shapely.is_empty(shapes).any()
    built = np.array([thing.geometry for thing in (*city.pavements, *city.buildings)])
    assert shapely.covered_by(built, shapely.box(*city.bounds)).all()


def test_buildings_and_sections_do_not_overlap_each_other(city: City) -> None:
    assert max(overlaps(city.buildings)) < 0.05
    assert max(overlaps(city.pavements)) < 0.05
    assert max(overlaps(city.buildings, city.pavements)) < 0.05


def test_terraces_share_walls_without_a_gap(city: City) -> None:
    houses = [
        b for b in city.buildings if b.street == "Gentsestraat" and b.function in ("residential", "shop")
    ]
    near = [b.geometry for b in houses if b.geometry.distance(Point(68900, 179590)) < 150]
    touching = sum(any(a is not b and a.distance(b) < 0.01 for b in near) for a in near)
    assert touching > 0.9 * len(near) > 20


def test_even_and_odd_numbers_face_each_other(city: City) -> None:
    for footpath in city.pavements:
        if footpath.side and footpath.number_from is not None and footpath.number_to is not None:
            parity = 0 if footpath.side == "even" else 1
            assert footpath.number_from % 2 == footpath.number_to % 2 == parity
            assert footpath.number_from <= footpath.number_to


def test_footpaths_come_in_workable_lengths(city: City) -> None:
    lengths = [s.axis.length for s in city.pavements if s.kind == "footpath" and s.axis is not None]
    assert np.median(lengths) == pytest.approx(30, abs=8)
    assert max(lengths) < 50


def test_gentsestraat_is_twelve_metres_wide(city: City) -> None:
    assert next(s for s in city.streets if s.name == "Gentsestraat").width_m == 12.0


def test_all_eighteen_golden_places_exist_on_sections_of_their_own(city: City) -> None:
    assert [place.scenario for place in city.golden] == list(range(1, 19))
    assert len({place.section_code for place in city.golden}) == 18
    for golden in city.golden:
        assert section(city, golden.section_code).street == golden.street


def test_a_click_on_a_golden_place_hits_its_section_and_nothing_else(city: City) -> None:
    import pyproj

    to_lambert = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:31370", always_xy=True)
    for golden in city.golden:
        click = Point(to_lambert.transform(golden.lon, golden.lat))
        assert [s.code for s in city.pavements if s.geometry.distance(click) < 0.2] == [golden.section_code]


def test_ordinary_works_and_repairs_keep_away_from_golden_places(city: City) -> None:
    mine = {work for golden in city.golden for work in golden.works}
    refs = {ref for golden in city.golden for ref in golden.repairs}
    ordinary = [w.geometry for w in city.works if feature_id(w) not in mine]
    ordinary += [r.geometry for r in city.repairs if r.ref not in refs]
    tree = shapely.STRtree(ordinary)
    for golden in city.golden:
        assert not len(
            tree.query(section(city, golden.section_code).geometry, predicate="dwithin", distance=20.0)
        )


def test_golden_places_do_not_touch_each_others_works(city: City) -> None:
    for golden in city.golden:
        ground = section(city, golden.section_code).geometry
        for other in city.golden:
            if other.scenario != golden.scenario and {other.scenario, golden.scenario} != {1, 4}:
                assert all(work.geometry.distance(ground) > 20 for work in works_of(city, other))


def test_scenario_1_lies_in_the_even_footpath_and_leaves_the_odd_side_alone(city: City) -> None:
    golden, odd = place(city, 1), place(city, 4)
    (work,) = works_of(city, golden)
    even_side = [s.geometry for s in city.pavements if s.street == golden.street and s.side == "even"]
    assert work.geometry.difference(shapely.union_all(even_side).buffer(0.01)).area < 0.01
    assert work.geometry.intersection(section(city, golden.section_code).geometry).area > 20
    assert section(city, golden.section_code).side == "even"
    assert section(city, odd.section_code).side == "odd"
    assert work.geometry.distance(section(city, odd.section_code).geometry) > 7
    assert (work.owner, work.status, days(work)) == ("Proximus Area 2.1", "Concreet gepland", WORKS_DAYS)


@pytest.mark.parametrize(("scenario", "expected"), [
    (2, [(30, 44)]), (3, [(30, 44)]), (5, [(30, 44)]), (6, [(-45, -31)]), (7, [(30, 44)]), (9, [(40, 54), (124, 138)]),
    (14, [(20, 34), (20, 34)]), (15, [(-21, 14)]), (17, [(30, 44)]), (18, [(0, 2)]),
])  # fmt: skip
def test_scenario_works_have_their_days_and_lie_on_their_section(
    city: City, scenario: int, expected: list[tuple[int, int]]
) -> None:
    golden = place(city, scenario)
    works = works_of(city, golden)
    assert [days(work) for work in works] == expected
    assert all(
        work.geometry.intersection(section(city, golden.section_code).geometry).area > 0.8 for work in works
    )


def test_scenario_6_has_one_hole_in_the_trench_and_one_a_metre_outside(city: City) -> None:
    golden = place(city, 6)
    (work,) = works_of(city, golden)
    inside, outside = (r.geometry for r in city.repairs if r.ref in golden.repairs)
    assert work.geometry.contains(inside)
    assert work.geometry.distance(outside) == pytest.approx(1.0, abs=0.05)


def test_scenario_17_has_a_hole_eight_metres_from_the_crossing_and_one_in_it(city: City) -> None:
    golden = place(city, 17)
    (work,) = works_of(city, golden)
    beside, on_it = (r.geometry for r in city.repairs if r.ref in golden.repairs)
    assert work.geometry.distance(beside) == pytest.approx(8.0, abs=0.1)
    assert work.geometry.distance(on_it) == 0
    sides = {
        s.side
        for s in city.pavements
        if s.kind == "footpath" and s.geometry.intersection(work.geometry).area > 0.5
    }
    assert sides == {"even", "odd"}
