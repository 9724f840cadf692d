"""Twelve weeks of worksites in Schaerbeek, and the city's own footpath renewals between them."""

import gzip
import json
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.coordination import advising, sequencing
from geo_service.coordination.advising import RepairAdvice
from geo_service.domain.advice import Advice
from geo_service.domain.order import Order
from scripts.real import guesses, judge, orders, osiris, runs
from tests.intake.conftest import contents, counts

pytestmark = pytest.mark.shared

FINDINGS = {"Constat de chantier fantôme", "Constat de dégradation"}


class City(NamedTuple):
    engine: sa.Engine
    steps: list[runs.Step]


@pytest.fixture(scope="module")
def schaerbeek(cluster: Cluster, template: str, shared: Path) -> Iterator[City]:
    """Everything taken in, once for all these tests."""
    name = f"test_{uuid.uuid4().hex}"
    engine = db.create_engine_for(cluster.create_database(name, template))
    yield City(engine, runs.schaerbeek(engine, shared))
    engine.dispose()
    cluster.drop_database(name)


class Views(NamedTuple):
    """What is told of the renewals in February, by number: what is stored, the advice on it, the advice with its order in full."""

    advised: dict[str, RepairAdvice]
    in_full: dict[str, Advice]
    cases: list[orders.Case]
    dearest: dict[str, float]


@pytest.fixture(scope="module")
def february(schaerbeek: City) -> Views:
    today = schaerbeek.steps[-1].day
    with schaerbeek.engine.connect() as conn:
        numbers = {
            row.id: row.number for row in conn.execute(sa.text("SELECT id, source_id AS number FROM repairs"))
        }
        ids = list(numbers)
        return Views(
            {numbers[one.repair_id]: one for one in advising.of_repairs(conn, ids, today)},
            {numbers[key]: one for key, one in sequencing.of_repairs(conn, ids, today).items()},
            orders.cases(conn, today),
            {row.number: row.eur for row in conn.execute(sa.text(DEAREST))},
        )


DEAREST = """
SELECT r.source_id AS number, coalesce(max(CAST(c.facts ->> 'cost_at_risk_eur' AS float8)), 0) AS eur
FROM repairs r
LEFT JOIN conflicts c ON c.repair_id = r.id AND NOT c.shadow AND c.status NOT IN ('expired', 'withdrawn', 'accepted_risk')
GROUP BY r.source_id
"""


def weekly(steps: list[runs.Step]) -> list[runs.Step]:
    return [step for step in steps if step.mapping == "osiris"]


def sum_of(steps: list[runs.Step], name: str) -> Counter[str]:
    return sum((Counter(getattr(step, name)) for step in steps), Counter())


def test_the_change_log_starts_with_what_was_published_and_ends_in_february(shared: Path) -> None:
    weeks = list(osiris.snapshots(shared))
    assert [week.day for week in weeks[:4]] == list(osiris.PUBLISHED)
    assert (len(weeks), weeks[-1].day) == (12, date(2026, 2, 23))
    assert [len(week.worksites) for week in weeks] == [
        1574, 1580, 1559, 1464, 1414, 1499, 1548, 1623, 1642, 1734, 1769, 1769,
    ]  # fmt: skip


def test_a_circle_finds_more_footpath_renewals_than_a_point_and_hardly_any_that_are_not_there(
    shared: Path,
) -> None:
    assert guesses.measured(shared) == [
        ("circle of its surface", 146, 317, 1),
        ("point, 1.5 m wide", 116, 347, 0),
    ]


def test_each_week_counts_what_a_replay_by_hand_counts(schaerbeek: City, shared: Path) -> None:
    got = [counts(step.report) for step in weekly(schaerbeek.steps)]
    assert got == list(by_hand(shared))


def by_hand(shared: Path) -> Iterator[dict[str, int]]:
    """The counts of twelve imports, from the files alone."""
    known: dict[int, tuple[Any, ...]] = {}
    shown: set[int] = set()
    for properties in every_week(shared):
        good = {
            number: said(one)
            for number, one in properties.items()
            if one["Nature"] not in FINDINGS and one["Statut"] != "Subdivisé (initial)"
        }
        same = {number for number in good.keys() & shown if good[number] == known[number]}
        found = {
            "read": len(properties),
            "created": len(good.keys() - known.keys()),
            "changed": len((good.keys() & known.keys()) - same),
            "unchanged": len(same),
            "rejected": len(properties) - len(good),
            "vanished": len(shown - properties.keys()),
        }
        yield {name: number for name, number in found.items() if number}
        shown = (shown & properties.keys()) | good.keys()
        known |= good


def every_week(shared: Path) -> Iterator[dict[int, dict[str, Any]]]:
    """What was published, then the change log, by number of the worksite."""
    for week in osiris.published(shared):
        with gzip.open(week.path, "rt", encoding="utf-8") as file:
            yield {
                one["properties"]["Chantier"]: {**one["properties"], "ground": one["geometry"]}
                for one in json.load(file)["features"]
            }
    extents = osiris.extents_of(shared)
    for snapshot in osiris.snapshots(shared):
        if snapshot.day > osiris.PUBLISHED[-1]:
            yield {
                number: {**told, "ground": osiris.feature(number, told, extents.get(number))["geometry"]}
                for number, told in snapshot.worksites.items()
            }


def said(one: dict[str, Any]) -> tuple[Any, ...]:
    """What makes a worksite another one."""
    days = [one[f"{name}Autorisee"] or one[name] for name in ("DateDebut", "DateFin")]
    texts = ("Organisation", "Nom", "Nature", "Rues", "ReferenceInterne", "Statut", "Regime")
    return (
        *map(day, days),
        one.get("Duree"),
        *(one.get(name, "").strip() for name in texts),
        json.dumps(one["ground"]),
    )


def day(text: str) -> date:
    parts = text.replace("/", "-").split("-")
    return date(*map(int, parts if len(parts[0]) == 4 else reversed(parts)))


def test_works_appear_slip_end_and_vanish_and_it_is_written_down(schaerbeek: City) -> None:
    ask = "SELECT field, count(*) AS number FROM source_changes WHERE observed_on = :day GROUP BY 1"
    ended = "SELECT count(*) FROM source_changes WHERE field = 'certainty' AND new_value = 'done'"
    with schaerbeek.engine.connect() as conn:
        for step in weekly(schaerbeek.steps)[1:]:
            fields = {row.field: row.number for row in conn.execute(sa.text(ask), {"day": step.day})}
            assert step.report.created > 50
            assert fields["starts_on"] > 10, step.day
            assert fields["ends_on"] > 10, step.day
            assert step.report.vanished > 50
            assert fields["vanished"] >= step.report.vanished  # those that come back are written down too
        assert conn.scalar(sa.text(ended)) > 50


def test_conflicts_with_the_footpath_renewals_open_move_and_close(schaerbeek: City) -> None:
    programme = schaerbeek.steps.index(
        next(step for step in schaerbeek.steps if step.mapping == "osiris-programme-repairs")
    )
    assert schaerbeek.steps[programme].sidewalks["opened"] > 500
    weeks = schaerbeek.steps[programme + 1 :]
    assert all(step.sidewalks for step in weeks)
    told = sum_of(weeks, "sidewalks") + sum_of(weeks, "overnight")
    assert told["opened"] > 50
    assert told["changed"] > 50
    assert told["withdrawn"] > 10


def test_the_last_week_again_changes_nothing(schaerbeek: City, shared: Path) -> None:
    before = contents(schaerbeek.engine)
    report = runs.again(schaerbeek.engine, shared)
    assert (report.created, report.changed, report.vanished, report.conflicts_opened) == (0, 0, 0, 0)
    after = contents(schaerbeek.engine)
    assert {name for name in before if before[name] != after[name]} == {
        "imports",
        "import_rejections",
    }


def test_everything_computed_again_after_twelve_weeks_is_what_was_stored(schaerbeek: City) -> None:
    checked = runs.checked(schaerbeek.engine, schaerbeek.steps[-1].day)
    assert checked.differences == {}
    assert (checked.run.opened, checked.run.closed, checked.run.alerts) == (0, 0, 0)


def test_no_clash_stays_open_after_its_days(schaerbeek: City) -> None:
    over = "SELECT count(*) FROM conflicts WHERE rule_id = 'works_clash' AND status = 'open' AND over_on <= :today"
    with schaerbeek.engine.connect() as conn:
        assert conn.scalar(sa.text(over), {"today": schaerbeek.steps[-1].day}) == 0


def test_clashes_are_those_that_geopandas_finds(schaerbeek: City) -> None:
    with schaerbeek.engine.connect() as conn:
        assert judge.conflict_pairs(conn) == judge.clashes(judge.claims(conn), schaerbeek.steps[-1].day)


def test_list_advice_and_order_of_works_say_the_same_of_every_renewal(february: Views) -> None:
    assert len(february.advised) == 55
    for number, one in february.advised.items():
        told = (one.previous_verdict, one.previous_until, one.previous_held)
        advice, full = one.advice, february.in_full[number]
        assert told == (advice.verdict, advice.until, advice.blocked), number
        assert told == (full.verdict, full.until, full.blocked), number
        assert advice.cost_at_risk_eur == full.cost_at_risk_eur == full.order.cost_at_risk_eur, number
        assert shortened(full.order) == shortened(advice.order), number


def shortened(order: Order) -> Order:
    """The order without what only its long form tells: what is over before the repair, and what is opened twice."""
    first = [replace(one, weight=None, too_soon_for=()) for one in order.first if one.role != "before"]
    later = [one for one in order.later if one.role != "early"]
    return replace(order, first=tuple(first), later=tuple(later))


def test_no_renewal_is_laid_now_that_should_wait(february: Views) -> None:
    waiting = {number: one.advice for number, one in february.advised.items() if one.advice.order.waits}
    assert len(waiting) > 20
    assert [number for number, advice in waiting.items() if advice.verdict == "repair"] == []


def test_what_a_renewal_has_at_risk_is_its_dearest_conflict(february: Views) -> None:
    told = {number: one.advice.cost_at_risk_eur for number, one in february.advised.items()}
    assert told == february.dearest
    assert sum(eur > 0 for eur in told.values()) > 20


def test_works_of_another_street_never_decide_on_the_day_of_a_renewal(february: Views) -> None:
    assert len(february.cases) == 55
    elsewhere = {one.number: last for one in february.cases if (last := orders.deciding_elsewhere(one))}
    assert elsewhere == {}
