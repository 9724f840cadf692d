"""Which side of the street: by the pavement sections, else by the façades; unknown sides may be any."""

import pytest
import sqlalchemy as sa

from geo_service.store.tables import claims
from tests.scenes import FLUVIUS, PROXIMUS, Scene


def alley(scene: Scene, *, paved: bool, built: bool) -> None:
    """An alley of 3.2 m between façades, footpaths of 0.8 m."""
    if paved:
        scene.section((0, 0), 40, 0.8, street="Korte Gang", side="even")
        scene.section((0, 0.8), 40, 1.6, kind="carriageway", street="Korte Gang")
        scene.section((0, 2.4), 40, 0.8, street="Korte Gang", side="odd")
    if built:
        for x, number in ((0, 2), (10, 4), (20, 6)):
            scene.building((x, -10), "house", address=("Korte Gang", str(number)))
            scene.building((x, 3.2), "house", address=("Korte Gang", f"{number - 1}A"))


@pytest.mark.parametrize(("paved", "built"), [(True, False), (False, True), (True, True)])
def test_across_a_narrow_alley_nothing_is_held(scene: Scene, paved: bool, built: bool) -> None:
    alley(scene, paved=paved, built=built)
    scene.works(PROXIMUS, at=(0, 2.3), length_m=20, width_m=0.5, days=(30, 44))
    scene.repair(at=(5, 0.4), scope="spot", planned=(3, 4))
    assert scene.conflicts() == []


@pytest.mark.parametrize(("paved", "built"), [(True, False), (False, True), (True, True)])
def test_on_the_same_side_it_is(scene: Scene, paved: bool, built: bool) -> None:
    alley(scene, paved=paved, built=built)
    scene.works(PROXIMUS, at=(0, 0.1), length_m=20, width_m=0.5, days=(30, 44))
    scene.repair(at=(5, 0.4), scope="spot", planned=(3, 4))
    assert scene.rules_hit() == ["wasted_repair"]


def test_without_sections_and_houses_distance_decides(scene: Scene) -> None:
    scene.works(PROXIMUS, at=(0, 2.3), length_m=20, width_m=0.5, days=(30, 44))
    scene.repair(at=(5, 0.4), scope="spot", planned=(3, 4))
    assert scene.rules_hit() == ["wasted_repair"]


@pytest.mark.parametrize(("y", "hits"), [(3.4, 1), (3.6, 0)], ids=["within two metres", "beyond"])
def test_on_a_side_that_is_known_two_metres_count(scene: Scene, y: float, hits: int) -> None:
    scene.section((0, 0), 40, 6, street="Markt", side="even")
    scene.repair(at=(5, 1), scope="spot", planned=(3, 4))
    scene.works(PROXIMUS, at=(0, y), width_m=1.5, days=(30, 44))
    assert len(scene.conflicts("wasted_repair")) == hits


@pytest.mark.parametrize(("y", "hits"), [(2.4, 1), (2.6, 0)], ids=["within a metre", "beyond"])
def test_where_no_side_is_known_one_metre_counts(scene: Scene, y: float, hits: int) -> None:
    scene.repair(at=(5, 1), scope="spot", planned=(3, 4))
    scene.works(PROXIMUS, at=(0, y), width_m=1.5, days=(30, 44))
    assert len(scene.conflicts("wasted_repair")) == hits


def test_the_end_of_a_trench_across_a_wide_street_lies_on_its_narrow_footpath_too(scene: Scene) -> None:
    scene.section((0, 0), 40, 1, street="Laan", side="even")
    scene.section((0, 17), 40, 3, street="Laan", side="odd")
    scene.works(PROXIMUS, at=(5, 0), length_m=0.5, width_m=20, days=(30, 44))
    scene.repair(at=(5.2, 0.5), scope="spot", planned=(3, 4))
    assert scene.rules_hit() == ["wasted_repair"]


def test_a_trench_in_the_middle_lies_on_both_sides(scene: Scene) -> None:
    alley(scene, paved=False, built=True)
    scene.works(PROXIMUS, at=(0, 1.4), length_m=20, width_m=0.5, days=(30, 44))
    scene.repair(at=(5, 0.4), scope="spot", planned=(3, 4))
    assert scene.rules_hit() == ["wasted_repair"]


def test_a_trench_from_facade_to_facade_lies_on_both_sides(scene: Scene) -> None:
    alley(scene, paved=True, built=True)
    scene.works(PROXIMUS, at=(5, 0), length_m=1, width_m=3.2, days=(30, 44))
    scene.repair(at=(5.5, 0.4), scope="spot", planned=(3, 4))
    scene.repair(at=(5.5, 2.8), scope="spot", planned=(3, 4))
    assert scene.rules_hit() == ["wasted_repair", "wasted_repair"]


def test_trenches_on_either_side_are_no_clash_and_not_shared(scene: Scene) -> None:
    alley(scene, paved=True, built=False)
    scene.works(PROXIMUS, at=(0, 0.1), width_m=0.5, days=(30, 44))
    scene.works(FLUVIUS, at=(0, 2.5), width_m=0.5, days=(40, 50))
    assert scene.conflicts() == []


# the width that a trench is worked at


@pytest.mark.parametrize(
    ("category", "utilities", "reach_m"),
    [
        (None, (), 1.75),
        ("Categorie 1", (), 2.0),
        ("Categorie 3", (), 1.75),
        ("Categorie 2", ("Riolering",), 2.5),
    ],
)
def test_each_kind_of_trench_has_its_own_width(
    scene: Scene, category: str | None, utilities: tuple[str, ...], reach_m: float
) -> None:
    """A trench is drawn as a line at y 0; half its width and a metre further a repair is free."""
    from shapely import LineString

    scene.works(shape=LineString([(0, 0), (20, 0)]), category=category, utilities=utilities)
    scene.repair(at=(5, reach_m + 0.5 - 0.05), scope="spot", planned=(3, 4))
    scene.repair(at=(15, reach_m + 0.5 + 0.05), scope="spot", planned=(3, 4))
    assert len(scene.conflicts("wasted_repair")) == 1


@pytest.mark.parametrize(("y", "hits"), [(0.8, 0), (0.35, 1)], ids=["other footpath", "same footpath"])
def test_two_sites_on_both_footpaths_of_an_alley_do_not_clash(scene: Scene, y: float, hits: int) -> None:
    """Their working widths meet; each lies on its own footpath, as drawn."""
    scene.section((0, 0), 40, 0.6, street="Korte Gang", side="even")
    scene.section((0, 0.6), 40, 0.6, street="Korte Gang", side="odd")
    scene.works(PROXIMUS, at=(0, 0.2), length_m=40, width_m=0.2)
    scene.works(FLUVIUS, at=(0, y), length_m=40, width_m=0.2)
    assert len(scene.conflicts("works_clash")) == hits


def test_works_over_several_sections_of_a_carriageway_lie_on_no_side(scene: Scene) -> None:
    for x in (0, 20):
        scene.section((x, 2), 20, 8, kind="carriageway", street="Markt")
    scene.building((15, -10), "house", address=("Markt", "2"))
    scene.works(at=(10, 3), length_m=20, width_m=1)
    assert scene.conn.scalars(sa.select(claims.c.sides).where(claims.c.kind == "opening")).all() == [[]]
