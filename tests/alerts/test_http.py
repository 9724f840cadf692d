"""`/alerts` and `/subscriptions` over HTTP, per role."""

import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, get_args

import httpx
import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook

from geo_service import db, settings
from geo_service.alerts.feed import AlertDraft
from geo_service.api import serve
from geo_service.domain.roles import Role
from geo_service.store import keys
from geo_service.store.tables import conflicts
from tests.alerts.conftest import Receiver
from tests.serving import PATIENCE_S

TARGET = "http://127.0.0.1:9/hook"
Http = Callable[[str], httpx.Client]


@pytest.fixture
def http(fresh_database: str, database: sa.Engine) -> Iterator[Http]:
    """`http("viewer")`: a client with the key of that role, against the service on a real socket."""
    with db.write(database) as conn:
        made = {
            role: keys.create(conn, role, role, owner_group="proximus" if role == "partner" else None)
            for role in get_args(Role)
        }
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        known = settings.load(
            database_url=fresh_database, port=port, log_level="warning", allow_private_webhooks=True
        )
        server = serve.server(known)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        clients = {
            role: httpx.Client(
                base_url=f"{known.base_url}/api/v1",
                headers={"authorization": f"Bearer {key}"},
                timeout=PATIENCE_S,
                verify=False,  # plain http: no certificates to load
            )
            for role, key in made.items()
        }
        yield clients.__getitem__
        for client in clients.values():
            client.close()
        server.should_exit = True
        thread.join()


def test_the_feed_is_read_page_by_page_and_can_be_resumed(http: Http, tell: Any) -> None:
    tell(*(AlertDraft("repair.held", data={"n": n}) for n in range(5)))
    first = http("viewer").get("/alerts", params={"limit": 3}).json()
    assert [item["cursor"] for item in first["items"]] == [1, 2, 3]
    rest = http("viewer").get("/alerts", params={"limit": 3, "after": first["next"]}).json()
    assert ([item["cursor"] for item in rest["items"]], rest["next"], rest["last"]) == ([4, 5], None, 5)
    nothing_new = http("viewer").get("/alerts", params={"after": rest["last"]}).json()
    assert (nothing_new["items"], nothing_new["last"]) == ([], 5)


def test_a_partner_reads_nothing_about_others(http: Http, tell: Any) -> None:
    tell(AlertDraft("repair.held", data={"owner": "Fluvius"}))
    assert http("partner").get("/alerts").json()["items"] == []


def test_the_stream_goes_on_where_it_was_left(http: Http, tell: Any) -> None:
    tell(AlertDraft("repair.held"), AlertDraft("repair.released"))
    with http("viewer").stream("GET", "/alerts/stream", headers={"last-event-id": "1"}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        seen = [line for line in (next(lines) for _ in range(5)) if line and not line.startswith(":")]
    assert seen[:2] == ["id: 2", "event: repair.released"]
    assert json.loads(seen[2].removeprefix("data: "))["cursor"] == 2


def test_the_stream_of_a_partner_is_silent_about_others(http: Http, database: sa.Engine, tell: Any) -> None:
    ours, theirs = (conflict_of(database, owner) for owner in ("proximus", "fluvius"))
    tell(
        AlertDraft("repair.held"),
        AlertDraft("conflict.opened", conflict_id=theirs),
        AlertDraft("conflict.opened", conflict_id=ours),
        AlertDraft("conflict.changed", conflict_id=theirs),
        AlertDraft("conflict.changed", conflict_id=ours),
    )
    with http("partner").stream("GET", "/alerts/stream", params={"after": 0}) as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("id: "))
        assert [next(lines), next(lines)] == ["id: 3", "id: 5"]
    with http("viewer").stream("GET", "/alerts/stream", params={"after": 0}) as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("id: "))
        assert [next(lines) for _ in range(5)] == [f"id: {n}" for n in range(1, 6)]


def conflict_of(database: sa.Engine, owner: str) -> Any:
    row = {
        "rule_id": "works_clash", "rule_version": 1, "shadow": False, "severity": "high", "opportunity": False, "blocking": False,
        "a_kind": "opening", "a_origin_id": uuid.uuid4(), "a": {"owner_group": owner}, "b_kind": "opening", "b_origin_id": uuid.uuid4(),
        "b": {"owner_group": "aquafin"}, "works_ids": [], "facts": {},
        "geom": sa.text("ST_Transform(ST_SetSRID(ST_MakePoint(3.2136, 50.9145), 4326), 31370)"),
    }  # fmt: skip
    with db.write(database) as conn:
        return conn.execute(sa.insert(conflicts).values(row).returning(conflicts.c.id)).scalar_one()


def test_the_order_of_the_feed_is_that_of_its_places_and_not_of_clocks(
    http: Http, database: sa.Engine, tell: Any
) -> None:
    tell(*(AlertDraft("repair.held", data={"n": n}) for n in range(4)))
    with db.write(database) as conn:  # two in one instant, and a clock that was put back
        clocks = "UPDATE alerts SET at = now() - CASE WHEN seq < 3 THEN interval '0' ELSE interval '1 hour' * seq END"
        conn.execute(sa.text(clocks))
    first = http("viewer").get("/alerts", params={"limit": 2}).json()
    rest = http("viewer").get("/alerts", params={"limit": 2, "after": first["next"]}).json()
    assert [item["cursor"] for page in (first, rest) for item in page["items"]] == [1, 2, 3, 4]


def test_the_secret_is_shown_once_and_fits_the_verifier(http: Http) -> None:
    desk = http("utilities_desk")
    made = desk.post("/subscriptions", json={"target": TARGET, "filter": {"departments": ["nutsen"]}})
    assert made.status_code == 201
    Webhook(made.json()["secret"])
    path = f"/subscriptions/{made.json()['id']}"
    assert made.headers["location"].endswith(path)
    assert "secret" not in desk.get(path).json()
    assert all("secret" not in item for item in desk.get("/subscriptions").json()["items"])


def test_a_change_needs_the_version_that_was_read(http: Http) -> None:
    desk = http("utilities_desk")
    made = desk.post("/subscriptions", json={"target": TARGET})
    path, tag = f"/subscriptions/{made.json()['id']}", made.headers["etag"]
    assert desk.patch(path, json={"active": False}).status_code == 428
    changed = desk.patch(path, json={"active": False}, headers={"if-match": tag})
    assert (changed.status_code, changed.json()["active"]) == (200, False)
    assert desk.patch(path, json={"active": True}, headers={"if-match": tag}).status_code == 412
    assert desk.delete(path, headers={"if-match": tag}).status_code == 412
    assert desk.delete(path, headers={"if-match": changed.headers["etag"]}).status_code == 204
    assert desk.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "secrets"),
    [
        ("/subscriptions", {"target": TARGET}, ["secret"]),
        ("/feeds", {"name": "x"}, ["token", "works_url", "alerts_url"]),
    ],
)
def test_a_repeated_request_makes_one_and_its_secrets_are_not_kept(
    http: Http, database: sa.Engine, path: str, body: dict[str, Any], secrets: list[str]
) -> None:
    desk, once = http("utilities_desk"), {"idempotency-key": "first-one"}
    first, second = (desk.post(path, json=body, headers=once) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert {first.json()[name] is None for name in secrets} == {False}
    assert second.json() == {**first.json(), **dict.fromkeys(secrets), "shown_once": secrets}
    for name in ("cache-control", "location", "etag"):
        assert second.headers.get(name) == first.headers.get(name)
    assert first.headers["cache-control"] == "no-store"
    assert desk.get(path).json()["total"] == 1
    with db.read(database) as conn:
        [kept] = conn.scalars(sa.text("SELECT idempotency_keys::text FROM idempotency_keys"))
    assert not [name for name in secrets if first.json()[name] in kept]


def test_each_write_of_a_subscription_or_a_private_address_says_who(http: Http) -> None:
    desk = http("utilities_desk")
    made, link = desk.post("/subscriptions", json={"target": TARGET}), desk.post("/feeds", json={"name": "x"})
    path, tag = f"/subscriptions/{made.json()['id']}", made.headers["etag"]
    tag = desk.patch(path, json={"name": "y"}, headers={"if-match": tag}).headers["etag"]
    tag = desk.post(f"{path}/rotate-secret", headers={"if-match": tag}).headers["etag"]
    assert desk.post(f"{path}/replay").status_code == 200
    assert desk.delete(path, headers={"if-match": tag}).status_code == 204
    assert desk.delete(f"/feeds/{link.json()['id']}").status_code == 204
    trail = http("admin").get("/audit", params={"action": "record_written"}).json()["items"]
    subscription, feed = f"subscription:{made.json()['id']}", f"feed:{link.json()['id']}"
    assert [(one["thing"], one["facts"]["method"]) for one in reversed(trail)] == [
        (subscription, "POST"),
        (feed, "POST"),
        (subscription, "PATCH"),
        (subscription, "POST"),
        (subscription, "POST"),
        (subscription, "DELETE"),
        (feed, "DELETE"),
    ]
    assert {one["who"] for one in trail} == {"utilities_desk"}
    assert made.json()["secret"] not in str(trail) and link.json()["token"] not in str(trail)


def test_a_repeated_rotation_by_key_makes_one_secret(http: Http, database: sa.Engine) -> None:
    desk, once = http("utilities_desk"), {"idempotency-key": "rotate"}
    path = f"/subscriptions/{desk.post('/subscriptions', json={'target': TARGET}).json()['id']}"
    first, second = (desk.post(f"{path}/rotate-secret", headers=once) for _ in range(2))
    assert second.json() == {**first.json(), "secret": None, "shown_once": ["secret"]}
    with db.read(database) as conn:
        assert conn.scalar(sa.text("SELECT secret FROM subscriptions")) == first.json()["secret"]


def test_a_repeated_rotation_does_not_end_the_secret_of_the_receiver(http: Http) -> None:
    desk = http("utilities_desk")
    made = desk.post("/subscriptions", json={"target": TARGET})
    path, known = f"/subscriptions/{made.json()['id']}/rotate-secret", {"if-match": made.headers["etag"]}
    first = desk.post(path, headers=known)
    assert (first.status_code, first.json()["secret"] != made.json()["secret"]) == (200, True)
    assert desk.post(path, headers=known).status_code == 412
    assert desk.post(path, headers={"if-match": first.headers["etag"]}).status_code == 200
    assert desk.post(path).status_code == 200  # who sends no version takes what there is


def test_subscriptions_of_a_partner_and_of_the_city_are_apart(http: Http) -> None:
    own = http("partner").post("/subscriptions", json={"target": TARGET}).json()
    city = http("coordinator").post("/subscriptions", json={"target": TARGET}).json()
    assert http("partner").get(f"/subscriptions/{city['id']}").status_code == 404
    assert http("coordinator").get(f"/subscriptions/{own['id']}").status_code == 404
    assert [item["id"] for item in http("partner").get("/subscriptions").json()["items"]] == [own["id"]]


def test_a_viewer_may_not_subscribe(http: Http) -> None:
    assert http("viewer").post("/subscriptions", json={"target": TARGET}).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"target": "ftp://example.org/"}, "target"),
        ({"target": TARGET, "filter": {"severities": ["awful"]}}, "filter.severities[0]"),
        ({"target": TARGET, "filter": {"colour": ["red"]}}, "filter.colour"),
        (
            {"target": TARGET, "filter": {"area": {"type": "Point", "coordinates": [3.2, 50.9]}}},
            "filter.area",
        ),
        ({"target": TARGET, "filter": {"rules": []}}, "filter.rules"),
        ({"target": TARGET, "name": "   "}, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_field(http: Http, body: dict[str, Any], field: str) -> None:
    answer = http("utilities_desk").post("/subscriptions", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_delivery_can_be_followed(http: Http, receiver: Receiver, tell: Any, deliver: Any) -> None:
    receiver.statuses = [410]
    made = http("utilities_desk").post("/subscriptions", json={"target": receiver.url}).json()
    [seq] = tell(AlertDraft("repair.held"))
    deliver(made["id"], seq)
    path = f"/subscriptions/{made['id']}"
    [seen] = http("utilities_desk").get(f"{path}/deliveries").json()["items"]
    assert (seen["alert_seq"], seen["attempts"], seen["last_error"]) == (1, 1, "HTTP 410")
    assert not http("utilities_desk").get(path).json()["active"]
