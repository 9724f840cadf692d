"""OGC API – Features Part 4: a GIS draws, changes and takes back works and repairs, and is refused as the page would be."""

from __future__ import annotations

from typing import Any

import pytest
from shapely.geometry import shape

from tests.api.gis import (
    EPSG,
    REPAIRS,
    WORKS,
    drawn,
    metres,
    read,
    refusal,
    repair_feature,
    send,
    works_feature,
)
from tests.api.scenario import Street, day


def test_drawn_works_are_works_with_their_conflicts(street: Street) -> None:
    repair = street.repair()
    works = drawn(street)
    assert works["properties"]["phases"] == 1
    over_api = read(street, f"/api/v1/works/{works['id']}")
    assert (over_api["title"], over_api["certainty"], over_api["phases"][0]["starts_on"]) == (
        "Glasvezel",
        "confirmed",
        day(30),
    )
    assert over_api["phases"][0]["opens_surface"]
    assert {one["b"]["works"]["id"] for one in street.conflicts(repair=repair["id"])} == {works["id"]}
    with street.service.as_("viewer") as viewer:
        item = viewer.get(works["path"])
    assert item.headers["ETag"] == works["etag"]
    assert item.json()["properties"] == works["properties"]


def test_a_repair_is_refused_as_the_page_would(street: Street) -> None:
    works = street.works((30, 44))
    wanted = {"starts_on": day(3), "ends_on": day(4)}
    repair = drawn(street, REPAIRS)
    over_page = street.schedule({"id": repair["id"]}, (3, 4))
    over_ogc = send(
        street, "PATCH", repair["path"], {"properties": wanted}, "workshop", **{"If-Match": repair["etag"]}
    )
    at_once = send(street, "POST", REPAIRS, repair_feature(street, **wanted), "workshop")
    for refused in (over_ogc, at_once):
        assert refusal(refused) == (409, "blocked_by_works", "")
        assert refused.json()["title"] == over_page.json()["title"]
        assert refused.json()["advice"]["verdict"] == over_page.json()["advice"]["verdict"] == "wait"
        held, same = (
            {one["b"]["works"]["id"] for one in answer.json()["conflicts"]} for answer in (refused, over_page)
        )
        assert held == same == {works["id"]}
    assert read(street, repair["path"])["properties"]["starts_on"] is None
    unchanged = send(street, "GET", repair["path"], role="viewer")
    assert unchanged.headers["ETag"] == repair["etag"]


def test_a_free_repair_gets_its_days_and_gives_them_back(street: Street) -> None:
    repair = drawn(street, REPAIRS)
    days = {"properties": {"starts_on": day(3), "ends_on": day(4)}}
    given = send(street, "PATCH", repair["path"], days, "workshop", **{"If-Match": repair["etag"]})
    assert (given.status_code, given.json()["properties"]["status"]) == (200, "scheduled")
    past = {"properties": {"starts_on": day(-3), "ends_on": day(-2)}}
    etag = {"If-Match": given.headers["ETag"]}
    assert refusal(send(street, "PATCH", repair["path"], past, "workshop", **etag)) == (
        400,
        "invalid_input",
        "ends_on",
    )
    none = {"properties": {"starts_on": None, "ends_on": None}}
    back = send(street, "PATCH", repair["path"], none, "workshop", **etag)
    assert (back.json()["properties"]["status"], back.json()["properties"]["starts_on"]) == (
        "requested",
        None,
    )


def test_a_repair_that_a_crew_has_begun_stays_begun_on_other_days(street: Street) -> None:
    repair = drawn(street, REPAIRS)

    def patch(etag: str, **properties: str) -> Any:
        answer = send(
            street, "PATCH", repair["path"], {"properties": properties}, "workshop", **{"If-Match": etag}
        )
        return answer, answer.headers.get("ETag", "")

    _, etag = patch(repair["etag"], starts_on=day(0), ends_on=day(2))
    both, _ = patch(etag, status="in_progress", starts_on=day(0), ends_on=day(3))
    assert refusal(both)[:2] == (409, "invalid_transition")
    _, etag = patch(etag, status="in_progress")
    longer, _ = patch(etag, ends_on=day(4))
    assert (longer.json()["properties"]["status"], longer.json()["properties"]["ends_on"]) == (
        "in_progress",
        day(4),
    )


def test_properties_that_are_nested_without_end_are_refused(street: Street) -> None:
    works = drawn(street)
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    for method in ("PATCH", "PUT"):
        feature = {**works_feature(street), "properties": {"title": "x", "updated_at": deep}}
        answer = send(street, method, works["path"], feature, **{"If-Match": works["etag"]})
        assert answer.status_code == 400, (method, answer.text)


def test_a_repair_is_replaced_and_cancelled(street: Street) -> None:
    repair = drawn(street, REPAIRS)
    whole = read(street, repair["path"])
    whole["properties"] |= {"urgency": "high", "description": "put", "starts_on": day(3), "ends_on": day(4)}
    new = send(street, "PUT", repair["path"], whole, "workshop", **{"If-Match": repair["etag"]})
    assert new.status_code == 200, new.text
    properties = new.json()["properties"]
    assert (properties["urgency"], properties["description"], properties["status"]) == (
        "high",
        "put",
        "scheduled",
    )
    whole["properties"] |= {"description": None}
    again = send(street, "PUT", repair["path"], whole, "workshop", **{"If-Match": new.headers["ETag"]})
    assert again.status_code == 400  # the status that was read before is none that a person gives
    whole["properties"] |= {"status": "scheduled"}
    again = send(street, "PUT", repair["path"], whole, "workshop", **{"If-Match": new.headers["ETag"]})
    assert (again.status_code, again.json()["properties"]["description"]) == (200, None)
    over = {"properties": {"status": "cancelled"}}
    over_answer = send(
        street, "PATCH", repair["path"], over, "workshop", **{"If-Match": again.headers["ETag"]}
    )
    assert over_answer.json()["properties"]["status"] == "cancelled"
    late = send(
        street,
        "PATCH",
        repair["path"],
        {"properties": {"urgency": "low"}},
        "workshop",
        **{"If-Match": over_answer.headers["ETag"]},
    )
    assert late.status_code == 409
    gone = send(street, "DELETE", repair["path"], role="workshop", **{"If-Match": again.headers["ETag"]})
    assert gone.status_code == 405


@pytest.mark.parametrize(
    ("uri", "flipped"), [(f"{EPSG}/31370", False), (f"{EPSG}/4326", True), (None, False)]
)
def test_ground_is_taken_in_the_crs_that_is_named(street: Street, uri: str | None, flipped: bool) -> None:
    feature = works_feature(street)
    if uri == f"{EPSG}/31370":
        feature["geometry"] = metres(street.x, 0.5, street.x + 40, 1.5)
    elif flipped:
        feature["geometry"]["coordinates"] = [[at[::-1] for at in feature["geometry"]["coordinates"][0]]]
    headers = {} if uri is None else {"Content-Crs": f"<{uri}>"}
    works = drawn(street, body=feature, **headers)
    stored = shape(read(street, f"{works['path']}?crs={EPSG}/31370")["geometry"])
    assert stored.hausdorff_distance(shape(metres(street.x, 0.5, street.x + 40, 1.5))) < 0.02


def test_what_is_changed_must_be_what_was_read(street: Street) -> None:
    works = drawn(street)
    body = {"properties": {"title": "Kabels"}}
    for method, sent in (("PATCH", body), ("PUT", works_feature(street)), ("DELETE", None)):
        assert send(street, method, works["path"], sent).status_code == 428
        stale = send(street, method, works["path"], sent, **{"If-Match": '"99"'})
        assert refusal(stale) == (412, "version_mismatch", "")
    changed = send(street, "PATCH", works["path"], body, **{"If-Match": works["etag"]})
    assert (changed.status_code, changed.json()["properties"]["title"]) == (200, "Kabels")
    assert changed.headers["ETag"] != works["etag"]
    assert send(street, "DELETE", works["path"], **{"If-Match": works["etag"]}).status_code == 412
    gone = send(street, "DELETE", works["path"], **{"If-Match": changed.headers["ETag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    with street.service.as_("viewer") as viewer:
        assert viewer.get(works["path"]).status_code == 404


def test_a_change_of_days_keeps_the_ground_and_a_new_ground_keeps_the_days(street: Street) -> None:
    works = drawn(street, body=works_feature(street, opens_surface=False))
    path = f"/api/v1/works/{works['id']}?crs=31370"
    before = read(street, path)["phases"][0]
    later = send(
        street, "PATCH", works["path"], {"properties": {"ends_on": day(60)}}, **{"If-Match": works["etag"]}
    )
    assert later.status_code == 200, later.text
    after = read(street, path)["phases"][0]
    assert (after["starts_on"], after["ends_on"], after["opens_surface"]) == (day(30), day(60), False)
    assert shape(after["geometry"]).hausdorff_distance(shape(before["geometry"])) < 0.002
    moved = {"geometry": metres(street.x, 4, street.x + 10, 5)}
    headers = {"If-Match": later.headers["ETag"], "Content-Crs": f"<{EPSG}/31370>"}
    assert send(street, "PATCH", works["path"], moved, **headers).status_code == 200
    [phase] = read(street, path)["phases"]
    assert shape(phase["geometry"]).hausdorff_distance(shape(moved["geometry"])) < 0.002
    assert (phase["starts_on"], phase["ends_on"], phase["opens_surface"]) == (day(30), day(60), False)


def test_a_replacement_is_whole_and_what_is_only_read_stays(street: Street) -> None:
    works = drawn(street, body=works_feature(street, utilities=["Telecom"], remark="let op"))
    whole = read(street, works["path"])
    whole["properties"] |= {"title": "Kabels", "remark": None, "phases": 7}
    new = send(street, "PUT", works["path"], whole, **{"If-Match": works["etag"]})
    assert new.status_code == 200, new.text
    properties = new.json()["properties"]
    assert (properties["title"], properties["remark"], properties["phases"]) == ("Kabels", None, 1)
    assert properties["utilities"] == ["Telecom"]
    del whole["properties"]["utilities"], whole["properties"]["owner"]
    lacking = send(street, "PUT", works["path"], whole, **{"If-Match": new.headers["ETag"]})
    assert refusal(lacking) == (400, "invalid_input", "owner")


def test_works_of_several_phases_keep_their_ground_and_days(street: Street) -> None:
    works = street.works((30, 44))
    phase = {name: works["phases"][0][name] for name in ("geometry", "starts_on", "ends_on")}
    works = street.change_works(works, phases=[phase, {**phase, "starts_on": day(60), "ends_on": day(70)}])
    path = f"{WORKS}/{works['id']}"
    etag = send(street, "GET", path, role="viewer").headers["ETag"]
    titled = send(street, "PATCH", path, {"properties": {"title": "Kabels"}}, **{"If-Match": etag})
    assert (titled.status_code, titled.json()["properties"]["phases"]) == (200, 2)
    headers = {"If-Match": titled.headers["ETag"]}
    for method, body, field in (
        ("PATCH", {"properties": {"ends_on": day(90)}}, "ends_on"), ("PATCH", {"geometry": phase["geometry"]}, "geometry"), ("PUT", works_feature(street), "geometry"),
    ):  # fmt: skip
        answer = send(street, method, path, body, **headers)
        assert refusal(answer) == (400, "invalid_input", field)
        assert "2 fases" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phases": 3}, "phases"), ({"colour": "red"}, "colour"), ({"owner": None}, "owner"), ({"kind": "party"}, "kind"), ({"ends_on": "2027-01-01T00:00:00Z"}, "ends_on"),
        ({"ends_on": None}, "ends_on"), ({"ends_on": "2020-01-01"}, "ends_on"), ({"opens_surface": "yes"}, "opens_surface"), ({"title": "x" * 301}, "title"),
    ],
)  # fmt: skip
def test_a_wrong_property_is_named(street: Street, change: dict[str, Any], field: str) -> None:
    answer = send(street, "POST", WORKS, works_feature(street, **change))
    assert refusal(answer) == (400, "invalid_input", field)
    assert answer.json()["errors"][0]["message"]


def test_a_change_of_what_is_only_read_is_refused(street: Street) -> None:
    works = drawn(street)
    for name, code in (
        ("source_id", "read_only"),
        ("updated_at", "read_only"),
        ("colour", "property_unknown"),
    ):
        answer = send(
            street, "PATCH", works["path"], {"properties": {name: "x"}}, **{"If-Match": works["etag"]}
        )
        assert refusal(answer) == (400, "invalid_input", name)
        assert answer.json()["errors"][0]["code"] == code


def test_a_wrong_feature_is_refused(street: Street) -> None:
    good = works_feature(street)
    far = {"type": "Point", "coordinates": [50.9, 3.2]}
    for body, field in (
        ({**good, "geometry": None}, "geometry"), ({**good, "geometry": far}, "geometry"), ({**good, "type": "Features"}, "type"), ({**good, "surprise": 1}, "surprise"),
        ({**good, "geometry": {"type": "Polygon", "coordinates": [[1]]}}, "geometry"), ({"type": "Feature", "geometry": far}, "properties"), ([], "body"),
    ):  # fmt: skip
        assert refusal(send(street, "POST", WORKS, body)) == (400, "invalid_input", field)
    assert refusal(send(street, "POST", WORKS, good, **{"Content-Crs": "<urn:x>"}))[2] == "Content-Crs"
    assert refusal(send(street, "POST", f"{WORKS}?crs=31370", good))[2] == "crs"
    assert send(street, "PUT", f"{WORKS}/nothing", good, **{"If-Match": '"1"'}).status_code == 404
    with street.service.as_("utilities_desk") as desk:
        text = desk.post(WORKS, content="<feature/>", headers={"Content-Type": "application/xml"})
    assert text.status_code == 415


def test_metres_without_their_reference_system_name_the_header(street: Street) -> None:
    ground = {"geometry": metres(street.x, 0.5, street.x + 40, 1.5)}
    works, repair = drawn(street), drawn(street, REPAIRS)
    for method, path, body, role in (
        ("POST", WORKS, works_feature(street) | ground, "utilities_desk"), ("POST", REPAIRS, repair_feature(street) | ground, "workshop"),
        ("PATCH", works["path"], ground, "utilities_desk"), ("PATCH", repair["path"], ground, "workshop"),
    ):  # fmt: skip
        [error] = send(street, method, path, body, role, **{"If-Match": works["etag"]}).json()["errors"]
        assert error["field"] == "geometry"
        assert error["message"].endswith(f": zeg Content-Crs: <{EPSG}/31370>"), error


def test_a_feature_that_is_sent_twice_with_one_key_is_one(street: Street) -> None:
    headers = {"Idempotency-Key": f"qgis-{street.x}"}
    first, again = (send(street, "POST", WORKS, works_feature(street), **headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == again.headers["Location"]
    assert first.headers["content-type"] == again.headers["content-type"] == "application/geo+json"
    other = send(street, "POST", WORKS, works_feature(street, title="Andere"), **headers)
    assert refusal(other)[2] == "Idempotency-Key"
