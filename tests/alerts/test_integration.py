"""What others build on: the AsyncAPI document holds what is sent, and the programs of the documentation run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa
import yaml

from geo_service import db
from geo_service.alerts import events, feed, webhook
from geo_service.alerts.feed import ALERT_TYPES, AlertDraft
from tests.alerts.test_http import Http, http
from tests.conftest import PROJECT
from tests.scenes import Scene

__all__ = ["http"]  # fixtures
EXAMPLES = PROJECT / "docs" / "examples"
DOCUMENT = yaml.safe_load((PROJECT / "geo_service" / "alerts" / "asyncapi.yaml").read_text(encoding="utf-8"))
RECEIVERS = {
    "python": [sys.executable, EXAMPLES / "receiver.py"],
    "node": ["node", EXAMPLES / "receiver.mjs"],
}
HELD = AlertDraft("repair.held", ("werkplaatsen",))


def check(event: dict[str, Any]) -> None:
    """Hold an event to the schema of its type. Raises ValidationError."""
    payload = DOCUMENT["components"]["messages"][event["type"]]["payload"]
    schema = {**payload, "components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(event)


def sent(database: sa.Engine) -> list[dict[str, Any]]:
    """All alerts of the feed as they are sent."""
    with db.read(database) as conn:
        rows = feed.after(conn, 0, 1000)
    return [json.loads(events.encode(row, "https://geo.example")) for row in rows]


def test_every_type_is_described_once() -> None:
    types = {*ALERT_TYPES, events.TEST}
    assert set(DOCUMENT["components"]["messages"]) == set(DOCUMENT["channels"]["alerts"]["messages"]) == types
    for name, message in DOCUMENT["components"]["messages"].items():
        assert message["payload"]["allOf"][1]["properties"]["type"] == {"const": name}


def test_what_the_engine_tells_is_as_described(database: sa.Engine) -> None:
    with db.write(database) as conn:
        scene = Scene(conn)
        works = scene.works(at=(0, 0.5), length_m=40, days=(30, 44))
        scene.repair(at=(5, 1), scope="section")
        scene.works(at=(0, 0.5), length_m=30, days=(60, 70), owner="Fluvius")
        scene.building(at=(10, 4), function="fire_station")
        scene.move_works(works, (50, 64))
        scene.cancel(works)
        scene.a_day_passes(90)
    told = sent(database)
    for event in told:
        check(event)
    kinds = {event["type"] for event in told}
    assert {
        "conflict.opened",
        "conflict.changed",
        "conflict.withdrawn",
        "repair.held",
        "repair.hold_moved",
    } <= kinds
    broken = next(event for event in told if event["type"] == "conflict.opened")
    with pytest.raises(jsonschema.ValidationError):
        check({**broken, "data": {**broken["data"], "reporter": "Jan"}})


def test_the_document_is_served_to_everybody(http: Http) -> None:
    address = http("viewer").base_url.join("/asyncapi.yaml")
    answer = http("viewer").get(address, headers={"authorization": ""}, timeout=60)
    assert answer.status_code == 200
    assert yaml.safe_load(answer.text) == DOCUMENT


@contextmanager
def program(command: list[Any], **environment: str) -> Iterator[subprocess.Popen[str]]:
    run = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield run
    finally:
        os.killpg(run.pid, signal.SIGKILL)  # what it waits for as well
        run.wait()
        assert run.stdout is not None
        run.stdout.close()


def line(run: subprocess.Popen[str]) -> str:
    assert run.stdout is not None
    return run.stdout.readline().strip()


@contextmanager
def receiver(name: str, secret: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A receiver of the documentation, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with program(RECEIVERS[name], SECRET=secret, PORT=str(port)) as run:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/hook", run


@pytest.mark.parametrize("name", RECEIVERS)
def test_a_receiver_of_the_documentation_takes_what_is_signed(
    database: sa.Engine, subscribe: Any, tell: Any, name: str
) -> None:
    made = subscribe("http://127.0.0.1:9/hook")
    policy = webhook.DeliveryPolicy("https://geo.example", timeout_s=20, allow_private=True)
    with receiver(name, made["secret"]) as (address, run):
        point = {
            "subscription_id": made["id"],
            "target": address,
            "previous_secret": None,
            "owner_group_id": None,
        }
        signed = webhook.send_test({**point, "secret": made["secret"]}, policy)
        assert signed.status == 204 and line(run) == "0 subscription.test"
        other = "whsec_" + "b3RoZXIgc2VjcmV0IG9mIHR3ZW50eS1mb3VyIGJ5dGVz"
        assert webhook.send_test({**point, "secret": other}, policy).status == 401
        rotated = webhook.send_test({**point, "secret": other, "previous_secret": made["secret"]}, policy)
        assert rotated.status == 204 and line(run) == "0 subscription.test"
        with db.write(database) as conn:
            conn.execute(sa.text("UPDATE subscriptions SET target = :to"), {"to": address})
        [seq] = tell(HELD)
        assert webhook.deliver(database, made["id"], seq, policy) == "delivered"
        with db.write(database) as conn:
            conn.execute(sa.text("UPDATE deliveries SET delivered_at = NULL"))
        assert webhook.deliver(database, made["id"], seq, policy) == "delivered"
        [seq] = tell(AlertDraft("feed.stopped", (), {"source": "gipod"}))
        assert webhook.deliver(database, made["id"], seq, policy) == "delivered"
        assert [line(run), line(run)] == ["1 repair.held", "2 feed.stopped"], "a repetition is handled once"


def test_the_shell_program_of_the_documentation_follows_the_feed(
    http: Http, tell: Any, tmp_path: Path
) -> None:
    client = http("viewer")
    key = client.headers["authorization"].removeprefix("Bearer ")
    url = str(client.base_url).removesuffix("/api/v1/").removesuffix("/api/v1")
    cursor = tmp_path / "cursor"
    places = {"URL": url, "KEY": key, "CURSOR_FILE": str(cursor)}
    tell(HELD, HELD)
    with program(["sh", EXAMPLES / "follow.sh"], **places) as run:
        assert [line(run), line(run)] == ["1 repair.held", "2 repair.held"]
        time.sleep(1)
        tell(HELD)
        assert line(run) == "3 repair.held"
        for _ in range(100):
            if cursor.read_text().strip() == "3":
                break
            time.sleep(0.1)
    tell(HELD)
    with program(["sh", EXAMPLES / "follow.sh"], **places) as run:
        assert line(run) == "4 repair.held"
