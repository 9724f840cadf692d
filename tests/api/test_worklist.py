"""The worklist: what is not finished, with its place, its verdict as of now and what changed since yesterday."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.api.scenario import Street, day
from tests.viewer.conftest import build_houses


def item_of(
    street: Street, repair: dict[str, Any], role: str = "workshop", **query: str
) -> dict[str, Any] | None:
    with street.service.as_(role) as client:
        answer = client.get("/api/v1/worklist", params=query)
    assert answer.status_code == 200, answer.text
    return next((one for one in answer.json()["items"] if one["repair"]["id"] == repair["id"]), None)


def age(street: Street, table: str, column: str, repair: dict[str, Any], ago: str) -> None:
    """Move an instant of a repair back in time."""
    key = "id" if table == "repairs" else "repair_id"
    with street.service.engine.begin() as conn:
        conn.execute(
            sa.text(f"UPDATE {table} SET {column} = {column} - CAST(:ago AS interval) WHERE {key} = :id"),
            {"ago": ago, "id": repair["id"]},
        )


def test_a_repair_that_works_meet_says_where_it_lies_and_until_when_it_waits(street: Street) -> None:
    build_houses(street)
    street.works((30, 44))
    item = item_of(street, street.repair())
    assert item is not None
    assert item["place"] == {"street": "Gentsestraat", "side": "even", "number_from": "76", "number_to": "82"}
    assert item["advice"]["verdict"] == "wait" and item["advice"]["blocked"]
    assert item["advice"]["until"] == item["repair"]["until"]
    assert item["advice"]["title"].startswith("Wacht tot")


def test_what_a_repair_was_first_advised_is_no_change_and_what_came_later_is(street: Street) -> None:
    works = street.works((30, 44))
    repair = street.repair()
    assert (item_of(street, repair) or {})["changed"] is None

    age(street, "repairs", "created_at", repair, "2 hours")
    changed = (item_of(street, repair) or {})["changed"]
    assert (changed["type"], changed["data"]["works"]["owner"]) == ("repair.held", "Proximus")
    street.change_works(works, certainty="cancelled")
    assert (item_of(street, repair) or {})["changed"]["type"] == "repair.released"


def test_a_change_of_before_yesterday_is_no_news(street: Street) -> None:
    street.works((30, 44))
    repair = street.repair()
    age(street, "repairs", "created_at", repair, "40 days")
    assert (item_of(street, repair) or {})["changed"]
    age(street, "alerts", "at", repair, "30 days")
    assert (item_of(street, repair) or {})["changed"] is None


def test_a_finished_repair_is_no_work_any_more(street: Street) -> None:
    repair = street.repair()
    assert item_of(street, repair)
    street.complete(repair, 0)
    assert item_of(street, repair) is None


def test_a_team_sees_its_own_and_an_unknown_team_is_refused(street: Street) -> None:
    repair = street.repair()
    assert item_of(street, repair, team=repair["owner"])
    assert item_of(street, repair, team="aquafin") is None
    with street.service.as_("workshop") as workshop:
        assert workshop.get("/api/v1/worklist?team=zzz").status_code == 422


def test_repairs_with_days_come_first_and_the_rest_is_counted(street: Street) -> None:
    street.repair(along=(0, 2))
    planned = street.repair(along=(36, 38))
    assert street.schedule(planned, (1, 2)).status_code == 200
    earliest = street.repair(along=(30, 32))
    assert street.schedule(earliest, (0, 1)).status_code == 200
    with street.service.as_("workshop") as workshop:
        answer = workshop.get("/api/v1/worklist?limit=1").json()
        days = [one["repair"]["planned"] for one in workshop.get("/api/v1/worklist").json()["items"]]
    assert len(answer["items"]) == 1 and answer["total"] == len(days) >= 3
    starts = [one["starts_on"] for one in days if one]
    assert starts == sorted(starts) and days[: len(starts)] == [one for one in days if one]
    assert {day(0), day(1)} <= set(starts)


def test_its_pages_together_are_the_whole_list_once(street: Street) -> None:
    """Repairs of one moment, with and without days, on pages of two. While somebody reads on, the one with which a page ended is planned later:
    it stands on a second page, and nothing else moves. A stop has its number in the whole way of its crew.
    """
    repairs = [street.repair(along=(4 * n, 4 * n + 2)) for n in range(5)]
    for n, days in enumerate([(0, 1), (5, 6), (0, 1), (5, 6), (0, 1)]):
        assert street.schedule(repairs[n], days).status_code == 200
    with street.service.engine.begin() as conn:
        ids = [one["id"] for one in repairs]
        conn.execute(
            sa.text("UPDATE repairs SET reported_at = '2026-11-20' WHERE id = ANY(CAST(:ids AS uuid[]))"),
            {"ids": ids},
        )
    with street.service.as_("workshop") as workshop:
        whole = workshop.get("/api/v1/worklist?limit=1000").json()["items"]
        page = workshop.get("/api/v1/worklist?limit=2").json()
        last = page["items"][-1]["repair"]
        read = list(page["items"])
        assert street.schedule(last, (20, 21)).status_code == 200
        now = workshop.get("/api/v1/worklist?limit=1000").json()["items"]
        while page["next"]:
            page = workshop.get("/api/v1/worklist", params={"limit": 2, "cursor": page["next"]}).json()
            read += page["items"]
        assert workshop.get("/api/v1/worklist?cursor=zzz").json()["errors"][0]["code"] == "cursor_malformed"
    seen = [one["repair"]["id"] for one in read]
    assert [*dict.fromkeys(seen)] == [one["repair"]["id"] for one in whole]
    assert len(seen) == len(whole) + 1 and seen.count(last["id"]) == 2
    assert set(ids) <= set(seen)
    stops = {one["repair"]["id"]: one["stop"] for one in now}
    assert [one["stop"] for one in read[2:]] == [stops[one["repair"]["id"]] for one in read[2:]]
    assert {stops[id_] for id_ in ids} > {None, 2}


@pytest.mark.parametrize("role", ["partner", "reporter"])
def test_it_is_the_citys_own(street: Street, role: str) -> None:
    with street.service.as_(role) as client:
        assert client.get("/api/v1/worklist").status_code == 403


def test_nobody_begins_where_works_came_since_it_was_planned(street: Street) -> None:
    repair = street.repair()
    assert street.schedule(repair, (0, 1)).status_code == 200
    street.works((0, 10))
    with street.service.as_("workshop") as workshop:
        planned = workshop.get(f"/api/v1/repairs/{repair['id']}")
        answer = workshop.patch(
            f"/api/v1/repairs/{repair['id']}", json={"status": "in_progress"}, headers={"If-Match": planned.headers["ETag"]}
        )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (409, "blocked_by_works")
    assert answer.json()["conflicts"][0]["blocking"]
    assert answer.json()["advice"]["blocked"]


def test_danger_is_begun_whatever_works_come(street: Street) -> None:
    repair = street.repair(urgency="danger")
    assert street.schedule(repair, (0, 1)).status_code == 200
    street.works((0, 10))
    with street.service.as_("workshop") as workshop:
        planned = workshop.get(f"/api/v1/repairs/{repair['id']}")
        answer = workshop.patch(
            f"/api/v1/repairs/{repair['id']}", json={"status": "in_progress"}, headers={"If-Match": planned.headers["ETag"]}
        )  # fmt: skip
    assert answer.status_code == 200
