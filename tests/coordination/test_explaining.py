"""What is said to make a conflict disappear does make it disappear; holds that were carried out are counted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from shapely.affinity import translate

from geo_service.domain.explain import disappears_if
from geo_service.store import rules, surroundings
from geo_service.store.tables import conflict_events
from tests.scenes import FLUVIUS, PROXIMUS, Scene, on_street, strip


def ways_out(scene: Scene, rule_id: str) -> dict[str, dict[str, Any]]:
    found = dict(scene.conflict(rule_id))
    rule = rules.get_version(scene.conn, rule_id, found["rule_version"])
    return {change.code: dict(change.params) for change in disappears_if(found, dict(rule))}


def days_to(scene: Scene, day: Any) -> int:
    return (day - scene.day_zero).days


def test_a_repair_that_begins_when_the_works_are_over_is_free(scene: Scene) -> None:
    repair = scene.repair(planned=(3, 4))
    scene.works(days=(30, 44))
    free = days_to(scene, ways_out(scene, "wasted_repair")["repair_from"]["on"])
    scene.schedule(repair, (free, free + 1))
    assert scene.conflicts("wasted_repair", "repair_during_works") == []


def test_a_day_earlier_it_is_not(scene: Scene) -> None:
    repair = scene.repair(planned=(3, 4))
    scene.works(days=(30, 44))
    free = days_to(scene, ways_out(scene, "wasted_repair")["repair_from"]["on"])
    scene.schedule(repair, (free - 1, free), "coordinator", "De markt kan niet wachten op de werken")
    assert len(scene.conflicts("repair_during_works")) == 1


def test_works_after_the_life_of_the_surface_waste_nothing(scene: Scene) -> None:
    scene.repair(planned=(3, 4), scope="spot")
    works = scene.works(days=(30, 44), certainty="confirmed")
    free = days_to(scene, ways_out(scene, "wasted_repair")["works_from"]["on"])
    scene.move_works(works, days=(free, free + 5))
    assert scene.conflicts("wasted_repair") == []


def test_works_that_come_near_must_keep_the_distance_that_is_said(scene: Scene) -> None:
    scene.repair(at=(5, 1), planned=(3, 4), scope="spot")
    works = scene.works(at=(6.5, 0), days=(30, 44))
    out = ways_out(scene, "wasted_repair")["ground_apart"]["distance_m"]
    scene.move_works(works, by_m=out + 0.03)  # two centimetres are no move
    assert scene.conflicts("wasted_repair") == []


def test_two_sites_after_each_other_no_longer_clash(scene: Scene) -> None:
    scene.works(PROXIMUS, days=(30, 44))
    other = scene.works(FLUVIUS, days=(40, 50))
    free = days_to(scene, ways_out(scene, "works_clash")["works_apart"]["on"])
    scene.move_works(other, days=(free, free + 5))
    assert scene.conflicts("works_clash") == []


def test_a_school_is_free_outside_its_term(scene: Scene) -> None:
    scene.building(function="school")
    scene.calendar("school", (0, 60), (75, 120))
    works = scene.works(at=(2, 10), days=(50, 58), certainty="confirmed")
    term = ways_out(scene, "access_blocked")["works_outside"]
    free = days_to(scene, term["to"])
    scene.move_works(works, days=(free, free + 8))
    assert scene.conflicts() == []


def test_a_guarantee_ends_on_the_day_that_is_said(scene: Scene) -> None:
    scene.works(at=(0, 0), width_m=1.5, days=(-700, -690), certainty="done")
    scene.repair(at=(5, 1))
    over = ways_out(scene, "guarantee_applies")["guarantee_over"]["on"]
    scene.a_day_passes(days_to(scene, over - timedelta(days=1)))
    assert len(scene.conflicts("guarantee_applies")) == 1
    scene.a_day_passes()
    assert scene.conflicts("guarantee_applies") == []


def test_with_so_many_digs_fewer_a_street_has_its_rest(scene: Scene) -> None:
    scene.named_street("Gentsestraat", 400)
    digs = [
        scene.works(at=(x, 0), days=(10 + x, 12 + x), certainty="confirmed") for x in (0, 40, 80, 120, 160)
    ]
    for _ in range(ways_out(scene, "accumulated_hindrance")["fewer_digs"]["count"]):
        scene.cancel(digs.pop())
    assert scene.conflicts() == []


# what waiting has spared


def spared(scene: Scene) -> list[float]:
    kept = sa.select(conflict_events.c.details).where(conflict_events.c.kind == "avoided")
    return [details["avoided_cost_eur"] for details in scene.conn.scalars(kept)]


def test_a_repair_that_waited_for_the_works_has_spared_what_was_at_risk(scene: Scene) -> None:
    works = scene.works(days=(30, 44))
    repair = scene.repair()
    scene.a_day_passes(25)
    at_risk = scene.conflict("wasted_repair")["facts"]["cost_at_risk_eur"]
    scene.set_certainty(works, "done")
    scene.a_day_passes(20)
    scene.complete(repair, on=45)
    assert spared(scene) == [at_risk]


def test_a_repair_that_went_ahead_or_whose_works_never_came_has_spared_nothing(scene: Scene) -> None:
    scene.works(days=(30, 44))
    overruled = scene.repair()
    scene.schedule(overruled, (3, 4), "coordinator", "De markt kan niet wachten op de werken")
    scene.complete(overruled)
    never = scene.works(at=(60, 0), days=(30, 44))
    free = scene.repair(at=(65, 1))
    scene.cancel(never)
    scene.complete(free)
    assert spared(scene) == []


# houses in front of it, and the ring


def row_of_houses(scene: Scene) -> None:
    for place in range(6):
        scene.building((place * 10, -10), "house", address=("Gentsestraat", str(10 + 2 * place)))
        scene.building((place * 10, 12), "house", address=("Gentsestraat", str(11 + 2 * place)))


def test_ground_is_named_by_the_houses_it_lies_in_front_of(scene: Scene) -> None:
    row_of_houses(scene)
    parameters = rules.load_parameters(scene.conn)
    even, odd, both = surroundings.frontages(
        scene.conn, [strip((12, 0), 26, 2), strip((12, 11), 3, 1), strip((2, 0), 2, 12)], parameters
    )
    assert [(f["street"], f["side"], f["number_from"], f["number_to"]) for f in even] == [
        ("Gentsestraat", "even", 12, 16)
    ]
    assert [(f["side"], f["number_from"], f["number_to"]) for f in odd] == [("odd", 13, 13)]
    assert [(f["side"], f["number_from"]) for f in both] == [("even", 10), ("odd", 11)]


def test_a_corner_house_with_its_address_in_the_side_street_names_no_ground_of_this_one(scene: Scene) -> None:
    scene.section((0, 0), 40, 2, street="Gentsestraat")
    scene.section((40, 0), 2, 20, street="Kerkstraat")
    scene.building((4, -18), "house", address=("Gentsestraat", "10"))
    scene.building((30, -10.5), "house", address=("Kerkstraat", "1"))
    here, around_the_corner, beyond_reach = surroundings.frontages(
        scene.conn,
        [strip((5, 0), 30, 2), strip((40, 3), 2, 3), strip((26, 0), 4, 2)],
        replace(rules.load_parameters(scene.conn), frontage_reach_m=5),
    )
    assert [(f["street"], f["number_from"]) for f in here] == [("Gentsestraat", 10)]
    assert [(f["street"], f["number_from"]) for f in around_the_corner] == [("Kerkstraat", 1)]
    assert [(f["street"], f["number_from"]) for f in beyond_reach] == [("Kerkstraat", 1)], (
        "the only one there is"
    )


def test_the_ring_tells_what_no_rule_tells_and_holds_nothing(scene: Scene) -> None:
    parameters = rules.load_parameters(scene.conn)
    across = scene.works(at=(0, 10), days=(30, 44), certainty="confirmed")
    scene.works(at=(0, 40), days=(30, 44))
    scene.works(at=(0, 12), days=(300, 344), certainty="confirmed")
    place = on_street(translate(strip((5, 1), 0.1, 0.1), -80_000, -190_000))
    found = surroundings.nearby(scene.conn, place, scene.today, parameters)
    assert [(row["works_id"], float(row["distance_m"])) for row in found] == [(across, 8.9)]
    assert surroundings.nearby(scene.conn, place, scene.today, parameters, [across]) == []
    repair = scene.repair(at=(5, 1), planned=(3, 4))
    assert (scene.conflicts(), scene.hold(repair)[0]) == ([], False)
