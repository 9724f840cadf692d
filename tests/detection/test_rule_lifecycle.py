"""Rules change on record; the preview says beforehand what the change then does, and stores nothing."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo_service.coordination import rule_lifecycle
from geo_service.detection import preview as previews
from geo_service.detection.preview import Preview, preview
from geo_service.detection.rules import CERTAINTY_ROWS, RULES
from geo_service.domain.errors import InvalidInput, InvalidTransition, VersionMismatch
from geo_service.domain.rules import changed
from geo_service.store import locks
from geo_service.store import rules as store
from geo_service.store.tables import conflict_events, conflicts, rules
from tests.scenes import FLUVIUS, PROXIMUS, Found, Scene


def change(scene: Scene, rule_id: str, **wanted: Any) -> rule_lifecycle.Outcome:
    """As PUT does."""
    locks.claims_writer(scene.conn)
    return rule_lifecycle.change(scene.conn, rule_id, wanted, scene.today, by="Els", reason="proef")


def version_of(rule_id: str) -> int:
    """That every city starts from."""
    return next(rule.version for rule in RULES if rule.id == rule_id)


def look(scene: Scene, rule_id: str, **wanted: Any) -> Preview:
    """As the preview does."""
    rule = store.from_row(store.get(scene.conn, rule_id))
    return preview(scene.conn, rule, changed(rule, wanted), scene.today)


def busy_street(scene: Scene) -> None:
    """Something for each rule: hits, near misses in space and time, sure and unsure works."""
    scene.street(200)
    scene.repair(at=(5, 1), planned=(3, 4))
    scene.works(at=(0, 0), days=(30, 44))
    scene.works(at=(0, 3), width_m=2, days=(2, 5), owner=FLUVIUS)
    scene.repair(at=(60, 1), scope="spot", planned=(3, 4))
    scene.works(at=(60, 6), width_m=2, days=(3, 9), certainty="confirmed")
    scene.works(at=(60, 0), opens=False, days=(0, 6), owner=FLUVIUS)
    scene.works(at=(62, 0), days=(8, 20), certainty="indicative")
    scene.works(at=(100, 0), days=(-9, -2), certainty="done", owner=PROXIMUS)
    scene.repair(at=(105, 1), scope="spot")


def everything_stored(conn: sa.Connection) -> list[list[Any]]:
    tables = (rules, conflicts, conflict_events)
    return [
        [tuple(row) for row in conn.execute(sa.select(table).order_by(*table.primary_key))]
        for table in tables
    ]


def test_the_preview_stores_nothing_and_leaves_the_real_rules_in_force(scene: Scene) -> None:
    busy_street(scene)
    before = everything_stored(scene.conn)
    look(scene, "works_clash", clearance_m=20.0)
    scene.recompute()
    assert everything_stored(scene.conn) == before


def test_a_wider_rule_shows_what_would_appear_with_what_it_puts_at_risk(scene: Scene) -> None:
    for y in (0, 6):
        scene.section((0, y), length_m=20, street="Markt", side="even")
    scene.repair(planned=(3, 4))
    scene.works(at=(0, 6), width_m=2)
    seen = look(scene, "wasted_repair", clearance_m=10.0)
    assert (seen.counts["appear"], seen.counts["disappear"]) == (1, 0)
    assert (seen.before.conflicts, seen.after.conflicts, seen.after.blocking) == (0, 1, 1)
    assert (seen.before.cost_at_risk_eur, seen.after.cost_at_risk_eur) == (
        0,
        1016.37,
    ), "its edge, half a metre of two"
    [row] = seen.rows["appear"]
    assert (row["severity_before"], row["severity_after"], row["rule_version"]) == (
        None,
        "high",
        version_of("wasted_repair") + 1,
    )


def test_a_surface_is_lost_once_however_many_works_want_it(scene: Scene) -> None:
    scene.section(length_m=20)
    scene.repair(planned=(3, 4))
    for day in (30, 60):
        scene.works(days=(day, day + 10))
    seen = look(scene, "wasted_repair", severity="low")
    assert (seen.before.conflicts, seen.before.cost_at_risk_eur) == (2, 4065.48)
    assert seen.counts["change_severity"] == 2


def test_a_connection_that_detects_all_day_still_previews_the_changed_rule(scene: Scene) -> None:
    scene.works()
    scene.works(owner=FLUVIUS, at=(0, 3))
    for _ in range(
        8
    ):  # by now PostgreSQL has the statement prepared, with the real table of rules in its plan
        scene.recompute()
    assert look(scene, "works_clash", clearance_m=5.0).counts["appear"] == 1
    scene.recompute()
    assert scene.conflicts("works_clash") == []


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "clearance_m": st.sampled_from([0.0, 0.9, 2.0, 4.0, 50.0]),
        "before_days": st.sampled_from([0, 2, 400]),
        "after_days": st.sampled_from([0, 2, 400]),
        "owners": st.sampled_from(["any", "same", "different"]),
        "severity": st.sampled_from([None, "info", "medium", "critical"]),
        "life": st.sampled_from(["shadow", "active", "retired"]),
    },
)


@settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(rule_id=st.sampled_from([rule.id for rule in RULES]), steps=st.lists(CHANGES, min_size=1, max_size=3))
def test_the_preview_is_what_the_change_then_does(
    conn: sa.Connection, rule_id: str, steps: list[dict[str, Any]]
) -> None:
    with conn.begin_nested() as attempt:
        scene = Scene(conn)
        busy_street(scene)
        for wanted in steps:
            try:
                seen = look(scene, rule_id, **wanted)
            except InvalidTransition:
                continue
            done = change(scene, rule_id, **wanted)
            assert done.counts == seen.counts, wanted
            shown = conn.execute(sa.select(conflicts).where(conflicts.c.rule_id == rule_id)).mappings()
            live = [row for row in shown if row["status"] not in ("expired", "withdrawn")]
            if seen.rule.state == "shadow":
                assert scene.conflicts(rule_id) == []
            else:
                assert len(live) == seen.after.conflicts
                assert sum(row["blocking"] for row in live) == seen.after.blocking
        attempt.rollback()


def test_a_change_is_a_new_version_with_who_why_and_what_was_before(scene: Scene) -> None:
    change(scene, "works_clash", clearance_m=1.0)
    newest, oldest = store.versions(scene.conn, "works_clash")
    assert (newest["version"], newest["clearance_m"], newest["changed_by"], newest["reason"]) == (
        version_of("works_clash") + 1,
        1.0,
        "Els",
        "proef",
    )
    assert (oldest["version"], oldest["clearance_m"], oldest["changed_by"]) == (
        version_of("works_clash"),
        0.0,
        None,
    )


def test_a_change_that_changes_nothing_makes_no_version(scene: Scene) -> None:
    done = change(scene, "works_clash", clearance_m=0.0, departments=["nutsen"])
    assert (set(done.counts.values()), done.alerts) == ({0}, 0)
    assert store.get(scene.conn, "works_clash")["version"] == version_of("works_clash")


def test_a_conflict_says_which_version_spoke(scene: Scene) -> None:
    scene.repair(planned=(3, 4))
    scene.works()
    change(scene, "wasted_repair", severity="critical")
    assert scene.conflicts() == [Found("wasted_repair", "critical", True, "open")]
    assert scene.conflict("wasted_repair")["rule_version"] == version_of("wasted_repair") + 1


def test_a_version_that_was_read_before_another_change_is_refused(scene: Scene) -> None:
    change(scene, "works_clash", clearance_m=1.0)
    with pytest.raises(VersionMismatch):
        rule_lifecycle.change(
            scene.conn, "works_clash", {"clearance_m": 2.0}, scene.today, by="Jan", version=1
        )


def test_a_rule_in_the_shadow_finds_and_tells_nobody(scene: Scene) -> None:
    change(scene, "wasted_repair", life="shadow")
    repair = scene.repair(planned=(3, 4))
    scene.works()
    assert scene.conflict("wasted_repair")["status"] == "open"
    assert (scene.conflicts(), scene.alerts()) == ([], [])
    assert scene.hold(repair)[0] is False


def test_a_rule_that_wakes_tells_what_it_found_in_the_shadow(scene: Scene) -> None:
    change(scene, "shared_trench", life="retired")  # it would speak meanwhile
    change(scene, "works_clash", life="shadow")
    scene.works()
    scene.works(owner=FLUVIUS)
    done = change(scene, "works_clash", life="active")
    assert (done.counts["appear"], done.alerts) == (1, 1)
    assert scene.alerts() == ["conflict.opened"]


def test_a_rule_that_goes_into_the_shadow_takes_back_what_it_told_and_releases_what_it_held(
    scene: Scene,
) -> None:
    repair = scene.repair(planned=(3, 4))
    scene.works()
    told = len(scene.alerts())
    done = change(scene, "wasted_repair", life="shadow")
    assert (done.counts["disappear"], scene.conflicts(), scene.hold(repair)[0]) == (1, [], False)
    assert scene.alerts()[told:] == ["conflict.withdrawn", "repair.released"]


def test_a_retired_rule_is_not_run_and_comes_back_by_way_of_the_shadow(scene: Scene) -> None:
    scene.works()
    scene.works(owner=FLUVIUS)
    change(scene, "works_clash", life="retired")
    assert scene.conflict("works_clash")["status"] == "withdrawn"
    with pytest.raises(InvalidTransition):
        change(scene, "works_clash", life="active")
    assert look(scene, "works_clash", life="shadow").counts["appear"] == 1
    change(scene, "works_clash", life="shadow")
    assert scene.conflicts("works_clash") == []
    change(scene, "works_clash", life="active")
    assert scene.rules_hit() == ["works_clash"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("clearance_m", -0.1), ("clearance_m", 50.1), ("clearance_m", float("nan")), ("before_days", -1), ("after_days", 3651),
        ("owners", "some"), ("severity", "awful"), ("departments", []), ("departments", ["keuken"]), ("blocking", True),
        ("life", "asleep"), ("kinds_a", ("repair",)), ("opportunity", True),
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_named(scene: Scene, field: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        change(scene, "works_clash", **{field: value})
    assert [error.field for error in caught.value.errors] == [field]


def test_a_newer_version_in_the_code_reaches_a_database_where_nobody_changed_the_rule(scene: Scene) -> None:
    newer = [replace(rule, version=9, clearance_m=1.5) for rule in RULES]
    assert store.add_missing(scene.conn, newer, CERTAINTY_ROWS) == []
    assert {row["version"] for row in store.in_force(scene.conn)} == {9}
    assert store.add_missing(scene.conn, newer, CERTAINTY_ROWS) == []


def test_a_rule_that_is_new_to_a_city_begins_in_the_shadow(scene: Scene) -> None:
    more = [*RULES, replace(RULES[0], id="of_tomorrow")]
    assert store.add_missing(scene.conn, more, CERTAINTY_ROWS) == []
    assert store.get(scene.conn, "of_tomorrow")["state"] == "shadow"
    assert {store.get(scene.conn, rule.id)["state"] for rule in RULES} == {rule.state for rule in RULES}


def test_a_newer_version_in_the_code_leaves_a_rule_that_a_person_changed(scene: Scene) -> None:
    change(scene, "works_clash", clearance_m=1.0)
    newer = [replace(rule, version=9) for rule in RULES]
    assert store.add_missing(scene.conn, newer, CERTAINTY_ROWS) == ["works_clash"]
    assert (
        store.get(scene.conn, "works_clash")["version"],
        store.get(scene.conn, "wasted_repair")["version"],
    ) == (version_of("works_clash") + 1, 9)


def test_the_list_is_cut_and_the_count_is_not(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "AT_MOST", 2)
    for _ in range(3):
        scene.works(opens=False)
    scene.works(owner=FLUVIUS)
    seen = look(scene, "works_clash", life="retired")
    assert (seen.counts["disappear"], len(seen.rows["disappear"])) == (3, 2)


def test_a_stored_rule_reads_back_as_it_was_written(scene: Scene) -> None:
    for rule in RULES:
        assert asdict(store.from_row(store.get(scene.conn, rule.id))) == asdict(rule)
