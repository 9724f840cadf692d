"""Conflicts that are one matter are one case: ranked by what presses, decided at once, shown to those whom they concern."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.api.scenario import Street, day
from tests.serving import Service
from tests.viewer.conftest import build_houses


def cases(service: Service, role: str = "utilities_desk", **query: Any) -> list[dict[str, Any]]:
    """All cases, page by page."""
    found: list[dict[str, Any]] = []
    with service.as_(role) as client:
        while True:
            page = client.get("/api/v1/cases", params=query).json()
            found += page["items"]
            assert len(found) <= page["total"]
            if page["next"] is None:
                assert len(found) == page["total"]
                return found
            query["cursor"] = page["next"]


def cases_of(service: Service, works: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    """The cases in which these works have a part."""
    with service.as_("viewer") as client:
        ids = {one["id"] for one in client.get(f"/api/v1/conflicts?works={works['id']}").json()["items"]}
    return [case for case in cases(service, **query) if ids & {*case["conflict_ids"]}]


def case_of(service: Service, works: dict[str, Any], **query: Any) -> dict[str, Any]:
    """The case of these works with repairs."""
    [found] = [case for case in cases_of(service, works, **query) if case["repairs"]]
    return found


def step(
    service: Service, case_id: str, name: str, role: str = "utilities_desk", **body: Any
) -> httpx.Response:
    with service.as_(role) as client:
        etag = client.get(f"/api/v1/cases/{case_id}").headers["ETag"]
        return client.post(f"/api/v1/cases/{case_id}/{name}", json=body, headers={"If-Match": etag})


def test_a_case_of_the_city_alone_names_no_owner(street: Street) -> None:
    works = street.works((30, 44), owner="Stad Izegem")
    street.repair()
    assert case_of(street.service, works)["owners"] == []


def test_works_that_meet_three_repairs_are_one_case_decided_at_once(street: Street) -> None:
    works = street.works((30, 44))
    for place in ((0, 10), (12, 22), (24, 34)):
        street.repair(along=place)
    case = case_of(street.service, works)
    assert (case["conflicts"], case["undecided"], case["repairs"], case["owners"]) == (3, 3, 3, ["Proximus"])
    assert case["decide_by"] == day(30)
    assert sum(value for part, value in case["score"].items() if part != "total") == pytest.approx(
        case["score"]["total"]
    )

    decided = step(street.service, case["id"], "agree", kind="works_move")
    assert decided.status_code == 200, decided.text
    assert [one["status"] for one in decided.json()["items"]] == ["agreed"] * 3
    assert decided.json()["undecided"] == 0
    undone = step(street.service, case["id"], "undo").json()
    assert undone["statuses"] == ["open"]


def test_two_works_that_could_share_a_trench_are_another_matter_than_their_repairs(street: Street) -> None:
    street.repair()
    ours, theirs = street.works((30, 44)), street.works((60, 70), owner="Fluvius")
    ids = {case_of(street.service, works)["id"] for works in (ours, theirs)}
    [shared] = [case for case in cases_of(street.service, ours) if not case["repairs"]]
    assert len({*ids, shared["id"]}) == 3
    assert shared["opportunity"] is True


def test_a_repair_of_which_two_rules_tell_costs_once(street: Street) -> None:
    works = street.works((-2, 10), certainty="in_progress")
    repair = street.repair()
    with street.service.as_("viewer") as client:
        found = client.get(f"/api/v1/conflicts?repair={repair['id']}").json()["items"]
    money = sorted(one["facts"]["cost_at_risk_eur"] for one in found)
    assert len(money) > 1
    assert case_of(street.service, works)["eur"] == money[-1]


def at_risk(client: httpx.Client) -> float:
    totals = client.get("/api/v1/cases", params={"undecided": True, "opportunity": False}).json()["totals"]
    return float(totals["at_risk_eur"])


def test_what_is_decided_is_no_longer_at_stake(street: Street) -> None:
    works = street.works((30, 44))
    for place in ((0, 10), (12, 22)):
        street.repair(along=place)
    with street.service.as_("coordinator") as client:
        conflicts = client.get(f"/api/v1/conflicts?works={works['id']}&rule=wasted_repair").json()["items"]
        first, other = sorted(one["facts"]["cost_at_risk_eur"] for one in conflicts)
        assert case_of(street.service, works)["eur"] == pytest.approx(first + other)
        before = at_risk(client)
        dearest = max(conflicts, key=lambda one: one["facts"]["cost_at_risk_eur"])
        path = f"/api/v1/conflicts/{dearest['id']}"
        etag = client.get(path).headers["ETag"]
        assert (
            client.post(
                f"{path}/accept-risk",
                json={"reason": "De markt kan niet wachten"},
                headers={"If-Match": etag},
            ).status_code
            == 200
        )
        assert case_of(street.service, works)["eur"] == pytest.approx(first)
        assert at_risk(client) == pytest.approx(before - other)


def test_a_step_is_taken_where_it_can_and_refused_where_it_can_nowhere(street: Street) -> None:
    works = street.works((30, 44))
    street.repair(along=(0, 10))
    street.repair(along=(12, 22))
    case = case_of(street.service, works)
    with street.service.as_("utilities_desk") as client:
        one = case["conflict_ids"][0]
        etag = client.get(f"/api/v1/conflicts/{one}").headers["ETag"]
        client.post(f"/api/v1/conflicts/{one}/settle", json={}, headers={"If-Match": etag})

    assert step(street.service, case["id"], "settle").json()["statuses"] == ["settled"]
    refused = step(street.service, case["id"], "settle")
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")


def test_who_read_an_older_version_is_told(street: Street) -> None:
    works = street.works((30, 44))
    street.repair()
    case = case_of(street.service, works)
    with street.service.as_("utilities_desk") as client:
        late = client.post(f"/api/v1/cases/{case['id']}/settle", json={}, headers={"If-Match": '"999"'})
    assert (late.status_code, late.json()["detail"]) == (412, "dit dossier staat intussen op versie 1")


def test_what_must_be_decided_tomorrow_comes_before_more_money_in_spring(street: Street) -> None:
    spring = Street(street.service, street.x + 60)
    dear = spring.works((170, 175))
    spring.repair(along=(0, 40))
    soon = street.works((1, 5))
    street.repair(along=(0, 12))

    money = {
        name: case_of(street.service, works)["score"] for name, works in (("dear", dear), ("soon", soon))
    }
    assert money["dear"]["money"] > money["soon"]["money"]
    assert money["soon"]["total"] > money["dear"]["total"]


def test_the_list_goes_from_the_most_pressing_down_on_every_page(street: Street) -> None:
    for n in range(3):
        place = Street(street.service, street.x + 50 * n)
        place.works((10 + 30 * n, 15 + 30 * n))
        place.repair()
    scores = [case["score"]["total"] for case in cases(street.service, limit=2)]
    assert len(scores) >= 3
    assert scores == sorted(scores, reverse=True)


def test_a_department_finds_what_was_assigned_to_it(street: Street) -> None:
    works = street.works((30, 44))
    street.repair()
    case = case_of(street.service, works)
    step(street.service, case["id"], "assign", department="patrimonium", person="Els", due_on=day(3))

    [found] = cases(street.service, department="patrimonium")
    assert (found["id"], found["persons"], found["due_on"]) == (case["id"], ["Els"], day(3))
    assert cases(street.service, person="Jan") == []


def test_a_partner_sees_and_touches_its_own_cases_only(street: Street) -> None:
    street.repair()
    ours, theirs = street.works((30, 44)), street.works((60, 70), owner="Fluvius")
    foreign = case_of(street.service, theirs)["id"]
    seen = {case["id"] for case in cases(street.service, "partner")}
    assert case_of(street.service, ours)["id"] in seen
    assert foreign not in seen
    with street.service.as_("partner") as client:
        assert client.get(f"/api/v1/cases/{foreign}").status_code == 404
        sent = client.post(
            f"/api/v1/cases/{foreign}/comment", json={"text": "?"}, headers={"If-Match": '"1"'}
        )
        assert sent.status_code == 404


def test_a_case_names_its_houses_and_one_without_houses_none(street: Street) -> None:
    works = street.works((30, 44))
    street.repair()
    assert case_of(street.service, works)["place"] is None
    with street.service.engine.begin() as conn:
        for number, at in (("77", 5), ("83", 20)):
            conn.execute(
                sa.text(
                    "INSERT INTO buildings (source, source_id, street, house_number, geom) "
                    "VALUES ('test', :id, 'Gentsestraat', :number, ST_MakeEnvelope(:x, 189994, :x + 10, 189999, 31370))"
                ),
                {"id": f"{street.x}-{number}", "number": number, "x": 80_000 + street.x + at},
            )
    place = {"street": "Gentsestraat", "side": "odd", "number_from": "77", "number_to": "83"}
    assert case_of(street.service, works)["place"] == place


def test_what_is_decided_can_be_left_out(street: Street) -> None:
    works = street.works((30, 44))
    street.repair()
    case = case_of(street.service, works)
    assert [one["id"] for one in cases_of(street.service, works, undecided=True)].count(case["id"]) == 1
    step(street.service, case["id"], "settle")
    assert case["id"] not in [one["id"] for one in cases(street.service, undecided=True)]
    assert case["id"] in [one["id"] for one in cases(street.service)]


def test_a_case_is_exported_with_its_trail(street: Street) -> None:
    works = street.works((30, 44))
    street.repair()
    case = case_of(street.service, works)
    path = f"/api/v1/cases/{case['id']}/export"
    with street.service.as_("viewer") as viewer:
        found = viewer.get(path).raise_for_status().json()
        document = viewer.get(path, params={"format": "pdf"}).raise_for_status()
        assert viewer.get(path, params={"format": "doc"}).status_code == 422
    assert [event["kind"] for event in found["items"][0]["events"]] == ["opened"]
    assert document.content.startswith(b"%PDF-")
    with street.service.as_("partner") as partner:
        assert partner.get(path).status_code == 403


def test_filters_keep_the_cases_that_they_name(street: Street) -> None:
    build_houses(street)
    ours = street.works((30, 44))
    theirs = street.works((50, 64), along=(80, 120), owner="Fluvius")
    street.repair()
    street.repair(along=(85, 115))
    service = street.service
    mine, other = case_of(service, ours)["id"], case_of(service, theirs)["id"]

    def kept(**query: Any) -> set[str]:
        return {case["id"] for case in cases(service, **query)} & {mine, other}

    assert kept() == {mine, other}
    assert kept(owner="proximus") == {mine}
    assert kept(rule="wasted_repair") == {mine, other} and kept(rule="access_blocked") == set()
    assert kept(within_days=30) == {mine} and kept(within_days=50) == {mine, other}
    assert kept(opportunity=False) == {mine, other} and kept(opportunity=True) == set()
    assert case_of(service, ours)["streets"] == ["Gentsestraat"]
    assert kept(street=" GENTSESTRAAT ") == {mine} and kept(street="Nergensstraat") == set()
    assert kept(opened_until="2026-01-01") == set()

    step(service, mine, "assign", department="patrimonium")
    assert kept(mine=True) == {other}
    assert kept(waits=True) == set()
    with service.as_("utilities_desk") as desk:
        desk.post("/api/v1/requests", json={"works": theirs["id"]}).raise_for_status()
    assert kept(waits=True) == {other}
    assert case_of(service, theirs)["waits"] is True


@pytest.mark.parametrize(
    ("sort", "key"),
    [("money", lambda case: -case["eur"]), ("day", lambda case: case["due_on"] or case["decide_by"])],
)
def test_a_list_in_another_order_is_so_on_all_its_pages(street: Street, sort: str, key: Any) -> None:
    for at, days in ((0, (60, 70)), (50, (20, 34)), (100, (40, 50))):
        street.works(days, along=(at, at + 30))
        street.repair(along=(at, at + 10 + at / 10))
    listed = cases(street.service, sort=sort, limit=1)
    assert [key(case) for case in listed] == sorted(key(case) for case in listed)
    assert len({case["id"] for case in listed}) == len(listed) >= 3
