"""Many questions in one request: the answers of one by one, each row by itself, in bounded size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from geo_service.api import advice_batch
from geo_service.api.schemas.verdicts import Advice
from geo_service.store.tables import claims, conflicts, repairs
from tests.api.scenario import Street, day
from tests.serving import Service, box, point

PATH = "/api/v1/advice/batch"
SAME = (*Advice.model_fields, "warning")
URGENCIES = ("low", "normal", "high", "danger")


def post(
    service: Service, rows: Sequence[Any], language: str = "nl", role: str = "viewer", **params: Any
) -> httpx.Response:
    with service.as_(role, **{"Accept-Language": language}) as client:
        return client.post(PATH, json={"rows": rows}, params=params)


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.split("\n")[:-1]]


def question(street: Street, chance: Random) -> dict[str, Any]:
    """A repair somewhere on the even footpath or just beside it, of any scope, with or without days; one in five is wrong."""
    west, south = street.x + chance.uniform(-5, 60), chance.uniform(-3, 12)
    ground = (
        point(west, south)
        if chance.random() < 0.5
        else box(west, south, west + chance.uniform(1, 30), south + 2)
    )
    row = {"geometry": ground, "scope": chance.choice(("spot", "section", "area")), "urgency": chance.choice(URGENCIES)}  # fmt: skip
    if chance.random() < 0.5:
        first = chance.randrange(60)
        row |= {"starts_on": day(first), "ends_on": day(first + chance.randrange(1, 5))}
    wrong: list[dict[str, Any]] = [
        {"geometry": None},
        {"scope": "street"},
        {"starts_on": day(-9), "ends_on": day(-8)},
        {"geometry": point(-9e6, 0)},
        {"ends_on": day(3), "starts_on": None},
        {"owner": "Proximus"},
    ]
    return row | chance.choice(wrong) if chance.random() < 0.2 else row


@pytest.mark.parametrize("seed", range(4))
def test_each_row_has_the_answer_that_it_would_have_by_itself(street: Street, seed: int) -> None:
    chance = Random(seed)
    street.works((30, 44))
    street.works((10, 20), along=(35, 60), owner="Fluvius")
    street.complete(street.repair(along=(50, 60)), -10)
    rows = [question(street, chance) for _ in range(25)]
    answers = lines(post(street.service, rows))

    assert [one["row"] for one in answers] == list(range(len(rows)))
    with street.service.as_("viewer") as client:
        for row, one in zip(rows, answers, strict=True):
            single = client.post("/api/v1/advice", json=row)
            if single.status_code == 422:
                assert one["errors"] == single.json()["errors"]
            else:
                assert {name: one["advice"][name] for name in SAME} == {
                    name: single.json()[name] for name in SAME
                }
                assert one["advice"].keys() == {*SAME, "computed_at", "data_age_seconds"}
    assert {"advice", "errors"} <= {name for one in answers for name in one}
    assert len({one["advice"]["verdict"] for one in answers if "advice" in one}) > 1


def test_rows_do_not_see_each_other_and_nothing_is_stored(street: Street) -> None:
    def sizes() -> list[int]:
        with street.service.engine.connect() as conn:
            return [conn.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in (repairs, claims, conflicts)]  # fmt: skip

    before = sizes()
    row = {"geometry": box(street.x, 0, street.x + 20, 2), "scope": "area"}
    first, second = lines(post(street.service, [row, row]))

    assert first["advice"]["verdict"] == second["advice"]["verdict"] == "repair"
    assert sizes() == before


def test_a_row_that_is_wrong_loses_no_other_one(street: Street) -> None:
    street.works((30, 44))
    fine = {"geometry": box(street.x + 5, 0, street.x + 35, 2)}
    rows = [fine, {**fine, "scope": "street"}, 7, None, [fine], {"geometry": point(-9e6, 0)}, fine]
    answers = lines(post(street.service, rows))

    assert [one["advice"]["verdict"] for one in answers if "advice" in one] == ["wait", "wait"]
    refused = {one["row"]: [error["field"] for error in one["errors"]] for one in answers if "errors" in one}
    assert refused == {1: ["scope"], 2: ["body"], 3: ["body"], 4: ["body"], 5: ["geometry"]}


def test_a_refusal_is_in_the_language_of_the_reader(street: Street) -> None:
    messages = {
        language: lines(post(street.service, [{"geometry": None}], language))[0]["errors"][0]["message"]
        for language in ("nl", "en")
    }
    assert messages["nl"] != messages["en"]
    assert "geometr" in messages["en"]


def test_answers_stand_in_the_order_of_the_rows_over_all_chunks(street: Street) -> None:
    street.works((30, 44))
    blocked = {"geometry": box(street.x + 5, 0, street.x + 35, 2)}
    free = {"geometry": box(street.x + 5, 10, street.x + 35, 12)}
    count = advice_batch.CHUNK + 3
    rows = [blocked if n % 3 == 0 else free for n in range(count)]
    answers = lines(post(street.service, rows))

    assert [one["row"] for one in answers] == list(range(count))
    assert [one["advice"]["verdict"] == "wait" for one in answers] == [n % 3 == 0 for n in range(count)]


def test_metres_are_taken_when_they_are_asked_for(street: Street) -> None:
    street.works((30, 44))
    metres = {"type": "Point", "coordinates": [80_000 + street.x + 20, 190_001]}
    [one] = lines(post(street.service, [{"geometry": metres}], crs=31370))
    assert one["advice"]["verdict"] == "wait"


@pytest.mark.parametrize(
    ("rows", "field"),
    [([], "rows"), ([{}] * 10_001, "rows"), ({"geometry": None}, "rows"), (None, "rows")],
    ids=["none", "too many", "one", "null"],
)
def test_a_list_that_is_none_is_refused_as_a_whole(service: Service, rows: Any, field: str) -> None:
    answer = post(service, rows)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_body_of_more_than_sixteen_megabytes_is_refused(service: Service) -> None:
    with service.as_("viewer") as client:
        answer = client.post(PATH, content=b" " * (advice_batch.MAX_BYTES + 1), headers={"Content-Type": "application/json"})  # fmt: skip
    assert answer.status_code == 413


def test_a_partner_may_not_ask(service: Service) -> None:
    assert post(service, [{"geometry": point(0, 0)}], role="partner").status_code == 403
