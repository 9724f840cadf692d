"""The overview tells what the lists tell: each number is the total of the list that it opens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.api.scenario import Street, day
from tests.serving import STREET, TODAY, Service
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


def test_works_without_a_sign_are_the_same_in_the_list_and_beside_their_owner(street: Street) -> None:
    """Late by twenty days: silent. Late by a day, under way, or past its end and under way: not."""
    street.works((-20, 60), owner="De Watergroep", certainty="planned")
    street.works((-1, 60), owner="De Watergroep", certainty="planned")
    street.works((-20, -2), owner="De Watergroep", certainty="in_progress")
    silent = [one["owner"] for one in get(street.service, "/stats/silent-works", limit=1000)["items"]]
    owners = {one["owner"]: one for one in get(street.service, "/stats/owners")["items"]}
    beside = {name: one["silent"] for name, one in owners.items()}
    assert silent.count("De Watergroep") == beside["De Watergroep"] == 1
    assert len(silent) == sum(beside.values())
    none = dict.fromkeys(("cases", "conflicts", "requests", "waiting", "late", "answered"), 0)
    assert owners["De Watergroep"].items() >= {"works": 3, "answer_days": None, **none}.items()


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


def house(street: Street, function: str, south_m: int) -> str:
    """A building as wide as the street's footpath, so many metres south of it."""
    insert = (
        "INSERT INTO buildings (source, source_id, name, function, geom) "
        "VALUES ('test', :name, :name, :function, ST_MakeEnvelope(:west, :south - 8, :west + 40, :south, 31370)) RETURNING id"
    )
    place = {"west": STREET[0] + street.x, "south": STREET[1] - south_m}
    with street.service.engine.begin() as conn:
        row = conn.execute(sa.text(insert), {"name": f"{function} {south_m}", "function": function, **place})
        return str(row.scalar_one())


def test_around_our_buildings_stand_the_works_and_open_conflicts_that_are_near(street: Street) -> None:
    """The school is not the city's, until the city has a project there; the archive is too far."""
    works = street.works((30, 44), owner="Proximus Area 2.1")
    [conflict] = street.conflicts(repair=street.repair()["id"])
    library, school = house(street, "city_patrimony", 5), house(street, "school", 20)
    house(street, "city_patrimony", 70)

    def near(**query: Any) -> set[tuple[str, str]]:
        items = get(street.service, "/stats/buildings", role="viewer", **query)["items"]
        ids = {works["id"], conflict["id"]}
        return {(one["building_id"], one["id"]) for one in items if one["id"] in ids}

    chance = street.conflicts(works=street.works((60, 74), owner="Fluvius")["id"], rule="shared_trench")
    assert [one["id"] for one in chance if (library, one["id"]) in near()] == [] != chance
    assert near() == {(library, works["id"]), (library, conflict["id"])}
    lines = {one["id"]: one for one in get(street.service, "/stats/buildings", role="viewer")["items"]}
    said = ("owner", "starts_on", "ends_on")
    assert [lines[conflict["id"]][name] for name in said] == [lines[works["id"]][name] for name in said]
    [bar] = [one for one in lane(street, "Proximus", group="owner")["works"] if one["id"] == works["id"]]
    sides = [one["works"]["owner_group_name"] for one in (conflict["a"], conflict["b"]) if one["works"]]
    assert [bar["owner_group_name"], *sides] == ["Proximus", "Proximus"]
    assert lines[conflict["id"]]["owner"] == "Proximus" and lines[conflict["id"]]["eur"] > 0
    part = get(street.service, "/stats/buildings", role="viewer", limit=1)
    whole = get(street.service, "/stats/buildings", role="viewer")
    assert (part["items"], part["total"]) == (whole["items"][:1], whole["total"]) and whole["total"] > 1
    assert near(within_m=3) == set()
    with street.service.as_("workshop") as client:
        project = {"name": "Dak van de school", "building_id": school}
        made = client.post("/api/v1/building-projects", json=project)
        assert (made.status_code, made.json()["building"]) == (201, "school 20")
        assert near() == {(one, thing["id"]) for one in (library, school) for thing in (works, conflict)}
        bare = client.post("/api/v1/building-projects", json={"name": "Nieuw zwembad"})
        assert bare.json()["building"] is None
        path, etag = made.headers["Location"], made.headers["ETag"]
        full = {
            **project, "budget_eur": 250_000.5, "spent_eur": 0, "next_decision": "gunning", "next_decision_on": "2027-01-12", "handover_on": "2027-09-01",
            "phases": [{"name": "Ontwerp", "starts_on": "2026-09-01", "ends_on": None, "is_done": True}],
            "subsidies": [{"name": "AGION", "amount_eur": 90_000, "due_on": "2026-12-31", "state": "asked"}],
            "warranties": [{"what": "Dak", "until": "2037-09-01", "by": "Dakwerken"}],
        }  # fmt: skip
        changed = client.put(path, json=full, headers={"If-Match": etag})
        assert {name: changed.json()[name] for name in full} == full
        assert client.put(path, json=project, headers={"If-Match": etag}).status_code == 412
        wrong = client.post("/api/v1/building-projects", json={**project, "building_id": works["id"]})
        assert [one["field"] for one in wrong.json()["errors"]] == ["building_id"]
        listed = client.get("/api/v1/building-projects").json()["items"]
        assert [one["name"] for one in listed if one["building_id"] == school] == ["Dak van de school"]
        assert client.delete(path, headers={"If-Match": changed.headers["ETag"]}).status_code == 204
        assert client.get(path).status_code == 404
    with street.service.as_("viewer") as client:
        assert client.post("/api/v1/building-projects", json=project).status_code == 403
    with street.service.as_("partner") as client:
        assert client.get("/api/v1/building-projects").status_code == 403
        assert client.get("/api/v1/stats/buildings").status_code == 403
