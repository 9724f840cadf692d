"""The week plan over HTTP: a proposal, and its lines as a foreman accepts them."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from tests.api.scenario import Street, day


def read(street: Street, role: str = "workshop", **query: Any) -> httpx.Response:
    with street.service.as_(role) as client:
        return client.get("/api/v1/plan", params=query)


def accept(street: Street, *lines: dict[str, Any], role: str = "workshop", **headers: str) -> httpx.Response:
    with street.service.as_(role) as client:
        return client.post("/api/v1/plan/accept", json={"lines": lines}, headers=headers)


def line_of(repair: dict[str, Any], **fields: Any) -> dict[str, Any]:
    plain = {"repair_id": repair["id"], "team": "ploeg-1", "on": day(1), "version": repair["version"]}
    return {**plain, **fields}


def stored(street: Street, repair: dict[str, Any]) -> dict[str, Any]:
    with street.service.as_("workshop") as client:
        return dict(client.get(f"/api/v1/repairs/{repair['id']}").json())


def test_a_line_of_the_plan_is_accepted_and_stands_on_the_day_list_of_its_crew(street: Street) -> None:
    repair = street.repair(scope="spot", along=(5, 6))
    plan = read(street).json()
    [line] = [one for one in plan["lines"] if one["repair"]["id"] == repair["id"]]
    assert line["on"] in plan["days"] and line["reasons"][0]["text"]
    choice = line_of(line["repair"], team=line["team"], on=line["on"])
    answer = accept(street, choice).json()
    assert (answer["accepted"], answer["lines"][0]["code"]) == (1, None)
    now = stored(street, repair)
    assert (now["status"], now["team"], now["planned"]["starts_on"]) == (
        "scheduled",
        line["team"],
        line["on"],
    )
    with street.service.as_("workshop") as client:
        items = client.get("/api/v1/dispatch", params={"on": line["on"], "team": line["team"]}).json()[
            "items"
        ]
    assert repair["id"] in [one["repair"]["id"] for one in items]

    with street.service.as_("workshop") as client:
        undone = client.patch(
            f"/api/v1/repairs/{repair['id']}",
            json={"planned": None},
            headers={"If-Match": f'"{now["version"]}"'},
        ).json()
    assert (undone["status"], undone["team"], undone["planned"]) == ("requested", None, None)


def test_each_line_answers_for_itself(street: Street) -> None:
    blocked, free = street.repair(along=(5, 15)), street.repair(scope="spot", along=(60, 61))
    street.works((20, 30), along=(0, 30))
    blocked = stored(street, blocked)
    answer = accept(
        street,
        line_of(blocked),
        line_of(free),
        line_of({**free, "id": blocked["owner"] and "01a2287d-3cfa-769a-bfe9-aa6cf2e2cc98"}),
    ).json()
    assert [one["code"] for one in answer["lines"]] == ["blocked_by_works", None, "not_found"]
    assert answer["lines"][0]["message"] == "Inplannen kan niet: hier komen werken."
    assert (answer["accepted"], answer["lines"][2]["repair"]) == (1, None)
    assert stored(street, blocked)["status"] == "requested"


def test_what_waits_is_named_with_the_sentence_of_its_advice(street: Street) -> None:
    street.works((30, 44), along=(0, 30))
    repair = street.repair(along=(5, 15))
    [left] = [one for one in read(street).json()["left"] if one["repair"]["id"] == repair["id"]]
    assert left["reason"] == "wait"
    assert left["text"].startswith("Wacht tot ") and "Proximus" in left["text"]


def test_the_same_answer_comes_twice_for_one_key(street: Street) -> None:
    repair = street.repair(scope="spot", along=(5, 6))
    first, second = (accept(street, line_of(repair), **{"Idempotency-Key": repair["id"]}) for _ in range(2))
    assert first.json() == second.json()
    assert second.json()["accepted"] == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"team": "ploeg-9"}, "team"),
        ({"from": day(-1)}, "from"),
        ({"from": "9998-01-01"}, "from"),
        ({"days": 0}, "days"),
        ({"days": 43}, "days"),
        ({"from": "morgen"}, "from"),
    ],
)
def test_what_cannot_be_planned_is_named(street: Street, query: dict[str, Any], field: str) -> None:
    answer = read(street, **query)
    assert answer.status_code == 422, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_line_that_makes_no_sense_stores_nothing_of_the_others(street: Street) -> None:
    repair = street.repair(scope="spot", along=(5, 6))
    sound = line_of(repair)
    for wrong, field in (
        ([sound, line_of(repair)], "lines[1].repair_id"),
        ([{**sound, "team": "ploeg-9"}], "lines[0].team"),
        ([{**sound, "on": day(-1)}], "lines[0].on"),
        ([], "lines"),
    ):
        answer = accept(street, *wrong)
        assert answer.status_code == 422, answer.text
        assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert stored(street, repair)["status"] == "requested"


@pytest.mark.parametrize("role", ["viewer", "utilities_desk", "partner"])
def test_only_who_writes_repairs_accepts(street: Street, role: str) -> None:
    repair = street.repair(scope="spot", along=(5, 6))
    assert accept(street, line_of(repair), role=role).status_code == 403
    assert read(street, role=role).status_code == (403 if role == "partner" else 200)


def test_a_plan_holds_working_days_only_and_no_more_hours_than_a_crew_has(street: Street) -> None:
    plan = read(street, days=14).json()
    assert all(date.fromisoformat(one).weekday() < 5 for one in plan["days"])
    hours = {team["id"]: team["hours_a_day"] for team in plan["teams"]}
    full = [
        load
        for load in plan["loads"]
        if load["added_hours"] and load["booked_hours"] + load["added_hours"] > hours[load["team"]]
    ]
    assert full == []


def test_a_plan_of_days_off_leaves_everything_and_says_so(street: Street) -> None:
    repair = street.repair(scope="spot", along=(7, 8))
    plan = read(street, **{"from": "2027-01-02", "days": 2}).json()  # Saturday and Sunday
    assert (plan["days"], plan["lines"]) == ([], [])
    assert {one["reason"] for one in plan["left"] if one["repair"]["id"] == repair["id"]} == {"no_team"}


def test_nobody_is_sent_out_on_a_sunday(street: Street) -> None:
    repair = street.repair(scope="spot", along=(8, 9))
    answer = accept(street, line_of(repair, on="2027-01-03")).json()
    [line] = answer["lines"]
    assert (answer["accepted"], line["code"]) == (0, "invalid_transition")
    assert "werkt geen ploeg" in str(line)
    assert stored(street, repair)["status"] == "requested"
