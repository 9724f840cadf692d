"""Works may be about a building: a project of the city itself."""

from tests.api.scenario import Street, day
from tests.serving import Service, box, sql_insert_building


def test_works_are_linked_to_a_building_and_found_by_it(service: Service, x: float) -> None:
    building_id = sql_insert_building(service, x, "Zwembad")
    project = Street(service, x).works(
        (10, 40), kind="building_project", owner="Stad Izegem", source="api", building_id=building_id
    )
    other = Street(service, x).works((10, 40), along=(60, 80))
    assert (project["building_id"], other["building_id"]) == (building_id, None)
    with service.as_("viewer") as reader:
        found = reader.get("/api/v1/works", params={"building": building_id}).json()
    assert [one["id"] for one in found["items"]] == [project["id"]]
    linked = Street(service, x).change_works(other, building_id=building_id)
    assert linked["building_id"] == building_id
    assert Street(service, x).change_works(linked, title="Leidingen")["building_id"] == building_id


def test_a_building_that_is_not_there_is_named(service: Service, x: float) -> None:
    body = {
        "owner": "Stad Izegem", "kind": "building_project", "building_id": "00000000-0000-7000-8000-000000000000",
        "phases": [{"geometry": box(x, 0, x + 10, 2), "starts_on": day(1), "ends_on": day(2)}],
    }  # fmt: skip
    with service.as_("utilities_desk") as desk:
        answer = desk.post("/api/v1/works", json=body)
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("building_id", "unknown_building")
    ]
