"""The overview tells what the lists tell: each number is the total of the list that it opens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.api.scenario import Street, day
from tests.serving import TODAY, Service
from tests.viewer.conftest import build_houses


def get(service: Service, path: str, role: str = "coordinator", **query: Any) -> Any:
    with service.as_(role) as client:
        answer = client.get(f"/api/v1{path}", params=query)
    answer.raise_for_status()
    return answer.json()


def cases(service: Service, **query: Any) -> dict[str, Any]:
    found = get(service, "/cases", undecided=True, limit=1000, **query)
    assert found["total"] == len(found["items"]) == found["totals"]["cases"]
    return dict(found)


def lane(street: Street, name: str, **query: Any) -> dict[str, Any]:
    [found] = [one for one in get(street.service, "/stats/weeks", **query)["lanes"] if one["name"] == name]
    return dict(found)


@pytest.fixture
def held(street: Street) -> dict[str, Any]:
    """A repair in the Gentsestraat that waits for works of Proximus in 30 days."""
    build_houses(street)
    works = street.works((30, 44))
    return {"works": works, "repair": street.repair()}


@pytest.mark.usefixtures("held")
def test_each_tile_is_the_total_of_its_list(street: Street) -> None:
    street.works((60, 70), owner="Fluvius")
    service = street.service
    overview = get(service, "/stats/overview")
    stake, chances = cases(service, opportunity=False), cases(service, opportunity=True)
    for tile, listed in (("at_stake", stake), ("chances", chances)):
        for name in ("cases", "at_risk_eur", "saving_eur", "oldest_on"):
            assert overview[tile][name] == listed["totals"][name], (tile, name)
    assert overview["at_stake"]["cases"] and overview["chances"]["saving_eur"] > 0
    week = cases(service, opportunity=False, opened_from=overview["at_stake"]["week_from"])
    assert overview["at_stake"]["week"] == week["totals"]
    assert overview["held"]["repairs"] == get(service, "/repairs", held=True)["total"] > 0
    waiting = sum(
        get(service, "/requests", state=state, limit=1000)["total"] for state in ("asked", "no_answer")
    )
    assert overview["waiting"]["requests"] == waiting
    claims = get(service, "/claim-files", limit=1000)["items"]
    unclaimed = get(service, "/claim-files", limit=1)["unclaimed"]
    assert overview["to_recover"]["unclaimed"] == len(unclaimed)
    pending = [one["amount_eur"] for one in claims if one["state"] in ("sent", "accepted")]
    assert (overview["to_recover"]["claims"], overview["to_recover"]["amount_eur"]) == (
        len(pending),
        sum(pending),
    )


def test_a_repair_in_two_cases_is_at_stake_once(street: Street) -> None:
    before = get(street.service, "/stats/overview")["at_stake"]
    street.works((30, 44), along=(0, 20))
    street.works((60, 74), along=(0, 20), owner="Fluvius")
    repair = street.repair(along=(0, 20))
    after = get(street.service, "/stats/overview")["at_stake"]
    risks = [
        one["facts"]["cost_at_risk_eur"]
        for one in street.conflicts(repair=repair["id"], rule="wasted_repair")
    ]
    assert len(risks) == 2 and after["cases"] == before["cases"] + 2
    assert after["at_risk_eur"] - before["at_risk_eur"] == pytest.approx(max(risks), abs=0.02)


def test_the_ages_add_up_and_each_opens_its_list(street: Street, held: dict[str, Any]) -> None:
    with street.service.engine.begin() as conn:
        aged = "UPDATE conflicts SET open_since = :day WHERE repair_id = CAST(:id AS uuid)"
        conn.execute(sa.text(aged), {"day": TODAY - timedelta(days=31), "id": held["repair"]["id"]})
    ageing = get(street.service, "/stats/overview")["ageing"]
    assert sum(one["cases"] for one in ageing) == cases(street.service)["total"]
    assert ageing[-1]["cases"] >= 1
    for one in ageing:
        days = {name: one[name] for name in ("opened_from", "opened_until") if one[name]}
        assert cases(street.service, **days)["total"] == one["cases"], one


def test_the_board_shows_works_and_repairs_in_their_street_and_their_week(
    street: Street, held: dict[str, Any]
) -> None:
    name = "Gentsestraat"
    found = lane(street, name)
    assert held["works"]["id"] in [one["id"] for one in found["works"]]
    [bar] = [one for one in found["works"] if one["id"] == held["works"]["id"]]
    assert (bar["starts_on"], bar["ends_on"], bar["owner"]) == (day(30), day(44), "Proximus")
    assert held["repair"]["number"] in [one["number"] for one in found["repairs"]]
    assert found["at_risk_eur"] > 0
    assert held["works"]["id"] in [one["id"] for one in lane(street, "Proximus", group="owner")["works"]]
    weeks = {one["week_on"]: one["streets"] for one in get(street.service, "/stats/weeks")["open_streets"]}
    first, last = (TODAY + timedelta(days=n) for n in (30, 43))
    monday = first - timedelta(days=first.weekday())
    assert name in weeks[monday.isoformat()]
    after = last + timedelta(days=7 - last.weekday())
    assert all(date.fromisoformat(week).weekday() == 0 for week in weeks) and len(weeks) == 12
    assert after.isoformat() in weeks
    early = get(street.service, "/stats/weeks", **{"from": "2027-06-01", "weeks": 4})
    assert (early["from_on"], early["until_on"]) == ("2027-05-31", "2027-06-28")
    assert held["works"]["id"] not in str(early["lanes"])
    assert {one["owner_group"] for one in early["lanes"]} == {None}
    by_owner = get(street.service, "/stats/weeks", **{"from": "2027-06-01", "weeks": 4, "group": "owner"})
    assert {one["owner_group"] for one in by_owner["lanes"] if one["name"] == "Proximus"} == {
        "proximus"
    }  # it has cases and no works then


def test_an_owner_that_does_not_answer_is_told(street: Street, held: dict[str, Any]) -> None:
    def record() -> dict[str, Any]:
        items = get(street.service, "/stats/owners")["items"]
        return next(one for one in items if one["owner_group"] == "proximus")

    before = record()
    with street.service.as_("viewer") as viewer:
        cases = viewer.get("/api/v1/cases", params={"undecided": True, "owner": "proximus"}).json()
    assert before["cases"] == cases["total"] > 0
    with street.service.as_("utilities_desk") as desk:
        request = desk.post("/api/v1/requests", json={"works": held["works"]["id"]})
        request.raise_for_status()
    asked = record()
    assert (asked["requests"], asked["waiting"]) == (before["requests"] + 1, before["waiting"] + 1)
    path = f"/api/v1/requests/{request.json()['id']}"
    with street.service.as_("partner") as partner:
        partner.post(f"{path}/yes", json={}, headers={"If-Match": '"1"'}).raise_for_status()
    answered = record()
    assert (answered["waiting"], answered["answered"]) == (before["waiting"], before["answered"] + 1)
    assert answered["answer_days"] is not None and answered["slip_days"] is not None


@pytest.mark.parametrize("path", ["overview", "weeks", "owners", "avoided/2026"])
def test_a_partner_has_no_overview(service: Service, path: str) -> None:
    with service.as_("partner") as partner:
        assert partner.get(f"/api/v1/stats/{path}").status_code == 403


@pytest.mark.parametrize(
    "query", [{"from": "yesterday"}, {"from": "9999-12-31"}, {"weeks": 0}, {"weeks": 53}, {"group": "week"}]
)
def test_a_board_of_no_weeks_is_refused(service: Service, query: dict[str, Any]) -> None:
    with service.as_("coordinator") as client:
        assert client.get("/api/v1/stats/weeks", params=query).status_code == 422
