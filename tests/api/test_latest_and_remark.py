"""A person says until when a repair may wait, and what is to be remarked: it comes back wherever the record is shown."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.scenario import Street, day


def read(street: Street, collection: str, one: dict[str, Any]) -> httpx.Response:
    with street.service.as_("viewer") as viewer:
        return viewer.get(f"/api/v1/{collection}/{one['id']}")


def change(street: Street, repair: dict[str, Any], **fields: Any) -> httpx.Response:
    etag = read(street, "repairs", repair).headers["ETag"]
    with street.service.as_("workshop") as workshop:
        path = f"/api/v1/repairs/{repair['id']}"
        return workshop.patch(path, json=fields, headers={"If-Match": etag})


def exported(street: Street, collection: str, one: dict[str, Any]) -> dict[str, Any]:
    """The row of a file that holds all of a collection."""
    with street.service.as_("viewer") as viewer:
        rows = viewer.get(f"/api/v1/{collection}.geojson").json()["features"]
    found: dict[str, Any] = next(row["properties"] for row in rows if row["properties"]["id"] == one["id"])
    return found


def test_until_when_a_repair_may_wait_is_said_shown_changed_and_taken_back(street: Street) -> None:
    repair = street.repair(latest_on=day(20), remark="vóór de school begint")
    assert (repair["latest_on"], repair["remark"]) == (day(20), "vóór de school begint")
    row = exported(street, "repairs", repair)
    assert (row["latest_on"], row["remark"]) == (day(20), "vóór de school begint")
    changed = change(street, repair, latest_on=day(40)).json()
    assert (changed["latest_on"], changed["remark"]) == (day(40), "vóór de school begint")
    assert change(street, repair, latest_on=None, remark=None).status_code == 200
    shown = read(street, "repairs", repair).json()
    assert (shown["latest_on"], shown["remark"]) == (None, None)


def test_nothing_said_is_null(street: Street) -> None:
    repair, works = street.repair(), street.works((100, 110))
    assert (repair["latest_on"], repair["remark"], works["remark"]) == (None, None, None)


@pytest.mark.parametrize("bad", ["31/03/2027", "2027-02-30", 20270331, "0001-01-01", True])
def test_a_last_day_that_is_no_day_is_refused_by_name(street: Street, bad: Any) -> None:
    answer = change(street, street.repair(), latest_on=bad)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert [error["field"] for error in answer.json()["errors"]] == ["latest_on"]


def test_a_remark_on_works_is_kept_and_its_change_is_on_record(street: Street) -> None:
    works = street.works((30, 44), remark="enkel in de vakantie")
    assert works["remark"] == "enkel in de vakantie"
    street.repair()
    assert street.change_works(works, remark="mag altijd")["remark"] == "mag altijd"
    assert exported(street, "works", works)["remark"] == "mag altijd"
    (conflict, *_) = street.conflicts(works=works["id"])
    with street.service.as_("viewer") as viewer:
        sources = viewer.get(f"/api/v1/conflicts/{conflict['id']}").json()["explanation"]["sources"]
    told = next(one["last_change"] for one in sources if one["works_id"] == works["id"])
    assert (told["field"], told["from"], told["to"]) == ("remark", "enkel in de vakantie", "mag altijd")
