"""`/protections` by HTTP, as a list and as files, and exceptions."""

from __future__ import annotations

from tests.api.scenario import Street


def test_a_new_footpath_is_in_the_register_and_works_in_it_need_a_reason(street: Street) -> None:
    repair = street.repair(along=(0, 40))
    street.complete(repair, on=-30)
    street.works((30, 44))
    with street.service.as_("viewer") as viewer:
        items = viewer.get(
            "/api/v1/protections", params={"kind": "repair", "counts": True, "limit": 1000}
        ).json()
        [row] = [one for one in items["items"] if one["repair_id"] == repair["id"]]
        assert (row["laid_on"], row["until"], row["length_m"]) == ("2026-10-24", "2031-10-24", 40)
        file = viewer.get("/api/v1/protections.geojson", params={"active_on": "2027-01-01"}).json()
    assert row["id"] in [feature["id"] for feature in file["features"]]

    [conflict] = street.conflicts(repair=repair["id"])
    path = f"/api/v1/conflicts/{conflict['id']}"
    with street.service.as_("utilities_desk") as desk:
        headers = {"If-Match": desk.get(path).headers["ETag"]}
        assert desk.post(f"{path}/exempt", json={"reason": "haste"}, headers=headers).status_code == 422
        done = desk.post(f"{path}/exempt", json={"reason": "emergency", "note": "gaslek"}, headers=headers)
    assert (done.status_code, done.json()["status"]) == (200, "accepted_risk"), done.text
    with street.service.as_("workshop") as workshop:
        assert workshop.post(f"{path}/exempt", json={"reason": "emergency"}).status_code in (403, 428)
