"""The way past the places of a day: the shortest there is, and the same one each time."""

import itertools
import math
import random

import pytest

from geo_service.coordination import tours

Place = tours.Place


def shortest_m(places: list[Place], start: Place | None, end: Place | None) -> float:
    """The length of the shortest way, by trying all of them."""
    ways = ([start, *way, end] for way in itertools.permutations(places))
    return min(
        sum(math.dist(a, b) for a, b in itertools.pairwise(one for one in way if one is not None))
        for way in ways
    )


@pytest.mark.parametrize("seed", range(12))
def test_no_way_is_shorter(seed: int) -> None:
    dice = random.Random(seed)
    places = [(dice.uniform(0, 3000), dice.uniform(0, 3000)) for _ in range(dice.randint(1, 7))]
    start, end = ((1500.0, 1500.0), (0.0, 3000.0)) if seed % 2 else (None, None)
    order = tours.order_of(places, start, end)
    assert sorted(order) == list(range(len(places)))
    way = tours.length([places[index] for index in order], start, end)
    assert way == pytest.approx(shortest_m(places, start, end), abs=1)


def test_the_same_places_give_the_same_order() -> None:
    dice = random.Random(7)
    places = [(dice.uniform(0, 9000), dice.uniform(0, 9000)) for _ in range(30)]
    assert len({tours.order_of(places, (0, 0), (0, 0)) for _ in range(3)}) == 1


@pytest.mark.parametrize("places", [[], [(1.0, 2.0)], [(5.0, 5.0)] * 3])
def test_nothing_one_place_and_one_place_thrice_are_ways_too(places: list[Place]) -> None:
    assert sorted(tours.order_of(places)) == list(range(len(places)))


def test_the_legs_begin_at_the_yard_where_there_is_one_and_the_way_goes_back() -> None:
    places = [(0.0, 300.0), (400.0, 300.0)]
    assert tours.legs(places, (0, 0)) == [300, 400]
    assert tours.legs(places) == [0, 400]
    assert tours.length(places, (0, 0), (0, 0)) == 1200
    assert tours.length([], (0, 0), (0, 0)) == 0


def test_what_comes_first_is_passed_first_and_the_rest_from_there_on() -> None:
    places = [(100.0, 0.0), (900.0, 0.0), (200.0, 0.0), (800.0, 0.0)]
    assert tours.order_with_first(places, [False, True, False, False], (0, 0), (0, 0)) == (1, 3, 2, 0)
    assert tours.order_with_first(places, [True] * 4, (0, 0), (1000, 0)) == (0, 2, 3, 1)
    assert tours.order_with_first([], [], (0, 0), (0, 0)) == ()
