"""Pavement becomes workable lengths along one street and on one side of it; footpaths are drawn where only the road is known."""

import shapely
from shapely import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo_service.intake.base_maps.sections import sections
from geo_service.intake.base_maps.shapes import Axis, House, Neighbours, Section, Surface

# The Gentsestraat runs along x, 12 m wide; the even houses stand at y > 6, the odd ones at y < -6. The Markt crosses it at x = 100.
GENT = Axis(1, "Gentsestraat", "Gentsestraat", LineString([(0, 0), (100, 0), (200, 0)]))
MARKT = Axis(2, "Markt", "Markt", LineString([(100, -100), (100, 100)]))
EVEN = Surface(10, "t", "even", "footpath", box(0, 4, 90, 6))
ODD = Surface(11, "t", "odd", "footpath", box(0, -6, 90, -4))
ROAD = Surface(12, "t", "road", "carriageway", box(0, -4, 88, 4))


def houses(width: float = 8, until: int = 11) -> list[House]:
    even = [House(box(n * width, 6, (n + 1) * width, 16), "Gentsestraat", 2 + 2 * n) for n in range(until)]
    odd = [House(box(n * width, -16, (n + 1) * width, -6), "Gentsestr.", 1 + 2 * n) for n in range(until)]
    return even + odd


def cut(*surfaces: Surface, axes: tuple[Axis, ...] = (GENT, MARKT), homes: list[House] | None = None, kerbs: tuple[BaseGeometry, ...] = (), parcels: tuple[BaseGeometry, ...] = ()) -> list[Section]:  # fmt: skip
    return sorted(
        sections(surfaces, Neighbours(axes, houses() if homes is None else homes, kerbs, parcels)),
        key=lambda one: (one.kind, one.geom.bounds),
    )


def test_a_long_footpath_is_cut_where_two_facades_meet_and_no_ground_is_lost() -> None:
    found = cut(EVEN)
    assert [round(one.geom.bounds[2] - one.geom.bounds[0]) for one in found] == [
        32,
        32,
        26,
    ]  # 0–100 in three, at façades of 8 m
    assert sum(one.geom.area for one in found) == EVEN.geom.area
    assert {(one.street, one.side, one.kind, one.derived) for one in found} == {
        ("Gentsestraat", "even", "footpath", False)
    }
    assert [(one.number_from, one.number_to) for one in found] == [("2", "8"), ("10", "16"), ("18", "22")]


def test_without_houses_it_is_cut_in_equal_lengths_and_has_no_side() -> None:
    found = cut(EVEN, homes=[])
    assert {round(one.geom.bounds[2] - one.geom.bounds[0]) for one in found} == {33, 23}
    assert {(one.side, one.number_from) for one in found} == {(None, None)}


def test_the_side_across_tells_the_side_of_a_hand_without_houses() -> None:
    only_odd = [house for house in houses() if house.number and house.number % 2]
    assert {(one.side, one.number_from) for one in cut(EVEN, homes=only_odd)} == {("even", None)}


def test_a_street_numbered_through_on_one_side_has_no_sides() -> None:
    mixed = [House(box(n * 8, 6, n * 8 + 8, 16), "Gentsestraat", n + 1) for n in range(11)]
    assert {one.side for one in cut(EVEN, homes=mixed)} == {None}


def test_a_footpath_round_a_corner_falls_apart_into_its_two_streets() -> None:
    corner = Surface(10, "t", "corner", "footpath", box(60, 4, 96, 60).difference(box(60, 6, 94, 60)))
    found = cut(corner, homes=[])
    assert {one.street for one in found} == {"Gentsestraat", "Markt"}
    assert round(sum(one.geom.area for one in found), 6) == round(corner.geom.area, 6)


def test_pavement_far_from_any_street_stays_whole_and_nameless() -> None:
    square = Surface(10, "t", "park", "footpath", box(0, 60, 40, 62))
    assert [(one.street, one.side, one.geom.area) for one in cut(square)] == [(None, None, 80)]


def test_what_the_survey_says_itself_counts() -> None:
    told = Surface(
        10,
        "t",
        "even",
        "footpath",
        box(0, 4, 30, 6),
        street="Kerkplein",
        side="odd",
        number_from="7",
        material="klinkers",
    )
    [one] = cut(told)
    assert (one.street, one.side, one.number_from, one.material) == ("Kerkplein", "odd", "7", "klinkers")


def test_two_names_of_one_street_each_keep_their_side() -> None:
    border = Axis(1, "Izegemsestraat", "Gentsestraat", GENT.geom)  # drawn eastward: north is left
    assert {
        (one.geom.bounds[1] > 0, one.street) for one in cut(EVEN, ODD, axes=(border, MARKT), homes=[])
    } == {
        (True, "Izegemsestraat"),
        (False, "Gentsestraat"),
    }


def test_a_carriageway_is_cut_along_its_street_but_not_in_two() -> None:
    found = [one for one in cut(ROAD, homes=[]) if one.kind == "carriageway"]
    assert [round(one.geom.bounds[3] - one.geom.bounds[1]) for one in found] == [8, 8, 8]
    assert {one.side for one in found} == {None}


def test_where_only_the_carriageway_is_known_footpaths_lie_between_it_and_the_facades() -> None:
    strips = [one for one in cut(ROAD) if one.kind == "footpath"]
    assert {(one.side, one.street, one.derived) for one in strips} == {
        ("even", "Gentsestraat", True),
        ("odd", "Gentsestraat", True),
    }
    assert {round(one.geom.bounds[3] - one.geom.bounds[1], 1) for one in strips} == {
        2.0
    }  # the façade is nearer than 2.5 m
    assert not any(house.geom.buffer(-0.01).intersects(one.geom) for one in strips for house in houses())


def test_no_footpath_is_drawn_where_nobody_lives_where_a_survey_has_one_or_where_there_is_no_room() -> None:
    assert [one.kind for one in cut(ROAD, homes=[]) if one.derived] == []
    assert {one.side for one in cut(ROAD, EVEN) if one.derived} == {"odd"}
    narrow = [
        House(
            shapely.affinity.translate(one.geom, yoff=-1.6 if one.geom.bounds[1] > 0 else 1.6),
            one.street,
            one.number,
        )
        for one in houses()
    ]
    assert [one for one in cut(ROAD, homes=narrow) if one.derived] == []
    gardens = (box(-5, 4.5, 95, 20), box(-5, -20, 95, -4.5))
    assert [one for one in cut(ROAD, parcels=gardens) if one.derived] == []


def test_kerbs_divide_a_road_of_the_grb_into_carriageway_and_footpaths() -> None:
    road = Surface(12, "grb", "77", "corridor", box(0, -6, 90, 6))
    kerbs = (LineString([(0, 4), (90, 4)]), LineString([(0, -4), (90, -4)]))
    found = cut(road, kerbs=kerbs)
    assert {(one.kind, one.side, one.derived) for one in found} == {
        ("carriageway", None, True),
        ("footpath", "even", True),
        ("footpath", "odd", True),
    }
    assert round(sum(one.geom.area for one in found), 3) == road.geom.area
    assert cut(road) == []  # no kerbs: nobody knows where people walk


def test_the_same_shapes_become_the_same_sections_in_whatever_order_they_are_told() -> None:
    one_way = cut(EVEN, ODD, ROAD)
    other = sorted(
        sections([ROAD, ODD, EVEN], Neighbours([MARKT, GENT], houses()[::-1])),
        key=lambda one: (one.kind, one.geom.bounds),
    )
    assert [(one.code, one.geom.wkt) for one in one_way] == [(one.code, one.geom.wkt) for one in other]


def test_pavement_that_only_grazes_a_zone_leaves_no_slivers() -> None:
    bent = Surface(10, "t", "bent", "footpath", Polygon([(0, 4), (33.4, 4), (33.4, 6), (0, 6)]))
    assert len(cut(bent, homes=[])) == 1
