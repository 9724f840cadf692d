"""How the API behaves as HTTP: versions, repeated requests, methods, ids, languages."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.api.scenario import Street
from tests.serving import Service, box, running

AT_ONCE = 20


@pytest.fixture
def street(service: Service, x: float) -> Street:
    """An empty piece of street."""
    return Street(service, x)


def _repair(x: float, **fields: Any) -> dict[str, Any]:
    return {"category": "pothole", "geometry": box(x, 0, x + 5, 2), **fields}


def test_twenty_equal_reports_at_once_are_one_repair(service: Service, x: float) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    body = _repair(x, description=f"twenty {x}")

    with service.as_("workshop", **headers) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: client.post("/api/v1/repairs", json=body), range(AT_ONCE)))
        stored = client.get("/api/v1/repairs", params={"q": f"twenty {x}"}).json()["total"]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len({(answer.headers["ETag"], answer.headers["Location"]) for answer in answers}) == 1
    assert stored == 1


@pytest.mark.parametrize("kind", ["repairs", "works"])
def test_of_twenty_changes_at_once_on_one_version_one_is_made(street: Street, kind: str) -> None:
    path = f"/api/v1/{kind}/{(street.repair() if kind == 'repairs' else street.works((30, 44)))['id']}"

    def change(place: int) -> httpx.Response:
        return client.patch(path, json={"description": f"version of {place}"}, headers={"If-Match": '"1"'})

    with street.service.as_("coordinator") as client, ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(change, range(AT_ONCE)))

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (AT_ONCE - 1)


def test_a_key_used_again_for_something_else_is_refused(service: Service, x: float) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    with service.as_("workshop", **headers) as client:
        first = client.post("/api/v1/repairs", json=_repair(x))
        other_body = client.post("/api/v1/repairs", json=_repair(x, urgency="high"))
        other_crs = client.post("/api/v1/repairs?crs=4326", json=_repair(x))
    with service.as_("coordinator", **headers) as someone_else:
        own = someone_else.post("/api/v1/repairs", json=_repair(x))

    assert (first.status_code, own.status_code) == (201, 201)
    assert own.json()["id"] != first.json()["id"]
    for refused in (other_body, other_crs):
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["field"], error["code"]) == (422, "Idempotency-Key", "key_reused")


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(service: Service, x: float, key: str) -> None:
    with service.as_("workshop", **{"Idempotency-Key": key}) as client:
        answer = client.post("/api/v1/repairs", json=_repair(x))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_a_change_and_a_removal_sent_again_with_their_key_are_answered_again(street: Street) -> None:
    path = f"/api/v1/works/{street.works((30, 44))['id']}"
    with street.service.as_("utilities_desk") as desk:
        changing = {"If-Match": '"1"', "Idempotency-Key": str(uuid.uuid4())}
        changed = [desk.patch(path, json={"title": "Anders"}, headers=changing) for _ in range(2)]
        removing = {"If-Match": changed[0].headers["ETag"], "Idempotency-Key": str(uuid.uuid4())}
        removed = [desk.delete(path, headers=removing) for _ in range(2)]
        gone = desk.get(path)

    assert [answer.status_code for answer in changed] == [200, 200]
    assert changed[0].text == changed[1].text
    assert [(answer.status_code, answer.content) for answer in removed] == [(204, b""), (204, b"")]
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [
        (None, 428, "version_required"),
        ("", 428, "version_required"),
        ("*", 428, "version_required"),
        ('"2"', 412, "version_mismatch"),
        ('"x"', 412, "version_mismatch"),
        ('"' + "9" * 40 + '"', 412, "version_mismatch"),
    ],
)
def test_a_change_without_the_version_that_was_read_is_refused(
    street: Street, if_match: str | None, status: int, code: str
) -> None:
    repair, works = street.repair(), street.works((30, 44), along=(60, 90))
    headers = {} if if_match is None else {"If-Match": if_match}

    with street.service.as_("coordinator") as client:
        answers = [
            client.patch(f"/api/v1/repairs/{repair['id']}", json={"urgency": "high"}, headers=headers),
            client.patch(f"/api/v1/works/{works['id']}", json={"title": "Anders"}, headers=headers),
            client.delete(f"/api/v1/works/{works['id']}", headers=headers),
        ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(status, code)] * 3


def test_a_change_of_nothing_leaves_the_version(street: Street) -> None:
    repair = street.repair()
    with street.service.as_("workshop") as client:
        answer = client.patch(f"/api/v1/repairs/{repair['id']}", json={}, headers={"If-Match": '"1"'})

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')


def test_work_does_not_begin_on_a_repair_that_has_no_days(street: Street) -> None:
    street.works((30, 44))
    repair = street.repair()
    with street.service.as_("workshop") as client:
        answer = client.patch(
            f"/api/v1/repairs/{repair['id']}", json={"status": "in_progress"}, headers={"If-Match": '"1"'}
        )

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")


def test_a_cancelled_repair_stays_cancelled(street: Street) -> None:
    path = f"/api/v1/repairs/{street.repair()['id']}"
    with street.service.as_("workshop") as client:
        cancelled = client.patch(path, json={"status": "cancelled"}, headers={"If-Match": '"1"'})
        answers = [
            client.patch(path, json=body, headers={"If-Match": '"2"'})
            for body in ({"planned": None}, {"status": "in_progress"}, {"urgency": "high"})
        ]

    assert cancelled.status_code == 200
    assert [answer.status_code for answer in answers] == [409, 409, 409]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/api/v1/works", "GET, HEAD, POST"),
        ("/api/v1/works/00000000-0000-0000-0000-000000000000", "GET, HEAD, PATCH, DELETE"),
        ("/api/v1/advice", "POST"),
        ("/api/v1/imports/proposal", "POST"),
        ("/health/live", "GET, HEAD"),
    ],
)
def test_what_an_address_allows_is_told(service: Service, address: str, allowed: str) -> None:
    with service.as_("coordinator") as client:
        options = client.options(address)
        wrong = [client.request(method, address) for method in ("PUT", "TRACE", "PROPFIND")]

    assert (options.status_code, options.headers["Allow"]) == (204, allowed)
    for answer in wrong:
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer.headers["Allow"] == allowed
        assert allowed in answer.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_word_of_an_address_is_not_taken_for_an_id(service: Service, method: str) -> None:
    with service.as_("coordinator") as client:
        answer = client.request(method, "/api/v1/imports/proposal")
        no_id = client.request(method, "/api/v1/imports/elsewhere")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert no_id.status_code == 422


def test_head_is_get_without_its_body(street: Street) -> None:
    works = street.works((30, 44))
    with street.service.as_("viewer") as viewer:
        heads = [viewer.head(f"/api/v1{path}") for path in ("/works", f"/works/{works['id']}", "/works.geojson", "/alerts/stream")]  # fmt: skip
        got = viewer.get(f"/api/v1/works/{works['id']}")
        missing = viewer.head("/api/v1/nothing")

    assert [(head.status_code, head.content) for head in heads] == [(200, b"")] * 4
    assert heads[1].headers["ETag"] == got.headers["ETag"]
    assert heads[1].headers["Content-Length"] == got.headers["Content-Length"]
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        ("nl", "nl", "Dit bestaat niet, of niet meer."),
        ("en-GB,nl;q=0.9", "en", "This does not exist, or no longer."),
        ("fr", "nl", "Dit bestaat niet, of niet meer."),
        ("de, en;q=0.5", "en", "This does not exist, or no longer."),
        (";;;q=x", "nl", "Dit bestaat niet, of niet meer."),
    ],
)
def test_problems_speak_the_readers_language(service: Service, asked: str, language: str, title: str) -> None:
    with service.as_("viewer", **{"Accept-Language": asked}) as viewer:
        answer = viewer.get("/api/v1/works/00000000-0000-0000-0000-000000000000")

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.headers["Content-Language"], problem["title"]) == (language, title)
    assert answer.headers["Vary"] == "Accept-Language"
    assert (problem["status"], problem["code"]) == (404, "not_found")
    assert problem["type"] == "urn:geo-service:problem:not_found"
    assert problem["instance"] == "/api/v1/works/00000000-0000-0000-0000-000000000000"


def test_who_asks_for_no_language_gets_that_of_the_settings(fresh_database: str) -> None:
    with running(fresh_database, language="en") as english, english.as_("viewer") as viewer:
        page = viewer.get("/").text
        asked = [
            viewer.get(
                "/api/v1/works/00000000-0000-0000-0000-000000000000", headers={"Accept-Language": said}
            )
            for said in ("", "fr", "nl")
        ]
    assert page.partition("\n")[2].startswith('<html lang="en-GB">')
    assert [one.headers["Content-Language"] for one in asked] == ["en", "en", "nl"]
    assert asked[0].json()["detail"].startswith("there is no works")
    assert asked[2].json()["detail"].startswith("er is geen werk")


def test_advice_says_in_which_language_it_speaks(street: Street) -> None:
    repair = street.repair()
    for language, title in (("nl", "Herstel nu"), ("en", "Repair now")):
        with street.service.as_("viewer", **{"Accept-Language": language}) as viewer:
            stored = viewer.get(f"/api/v1/repairs/{repair['id']}/advice")
            asked = viewer.post("/api/v1/advice", json={"geometry": repair["geometry"]})
        for answer in (stored, asked):
            assert (answer.headers["Content-Language"], answer.json()["title"]) == (language, title)


def test_a_question_names_no_repair_that_does_not_exist(street: Street) -> None:
    street.works((30, 44))
    with street.service.as_("viewer") as viewer:
        answer = viewer.post("/api/v1/advice", json={"geometry": box(street.x + 5, 0, street.x + 35, 2)})

    (conflict,) = answer.json()["conflicts"]
    assert (conflict["id"], conflict["a"]["repair"], conflict["a"]["claim"]["repair_id"]) == (
        None,
        None,
        None,
    )


def test_a_refused_planning_names_its_repair(street: Street) -> None:
    street.works((30, 44))
    repair = street.repair()

    (conflict,) = street.schedule(repair, (3, 4)).json()["conflicts"]

    assert conflict["a"]["repair"] == {"id": repair["id"]}


@pytest.mark.parametrize(
    "path",
    ["/", "/docs", "/viewer/static/index.html", "/viewer/locales/nl.json", "/api/v1/works", "/health/live", "/nowhere", "/open311/v2/services.json", "/api/v1/works/"],
)  # fmt: skip
def test_no_answer_may_be_framed_or_taken_for_another_kind(service: Service, path: str) -> None:
    with service.as_("viewer") as client:
        answer = client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/api/v1/works/", "/viewer/static", "/docs/"])
def test_a_redirect_does_not_repeat_the_host_that_somebody_wrote(service: Service, path: str) -> None:
    with service.as_("viewer", Host="evil.example") as client:
        answer = client.get(path, follow_redirects=False)
    assert "evil.example" not in str(answer.headers)
    if answer.is_redirect:
        assert answer.headers["location"].startswith("/")
        assert not answer.headers["location"].startswith("//")
