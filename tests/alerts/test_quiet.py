"""Nobody is buried: quiet hours, a snooze, a pause, and rules in the shadow that tell nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook

from geo_service import db
from geo_service.alerts import mailing, subscriptions, webhook
from geo_service.alerts.feed import AlertDraft
from geo_service.alerts.webhook import DeliveryDeferred
from geo_service.detection.rules import RULES
from geo_service.domain.quiet import Quiet
from geo_service.settings import Settings
from geo_service.store.tables import alerts, conflicts, deliveries
from geo_service.store.tables import subscriptions as table
from tests.alerts.conftest import Receiver
from tests.alerts.mail_scenes import HELD, MONDAY, config, listener, post, reader, server
from tests.alerts.mail_server import MailServer
from tests.alerts.test_http import Http, http
from tests.scenes import Scene

__all__ = ["config", "http", "listener", "post", "reader", "server"]  # fixtures
BRUSSELS = ZoneInfo("Europe/Brussels")
NIGHT = Quiet(begin=dt.time(19), end=dt.time(7))
LUNCH = Quiet(begin=dt.time(12), end=dt.time(13))


@pytest.mark.parametrize(
    ("quiet", "local", "hours"),
    [
        (NIGHT, "2026-11-23 18:59", 0),
        (NIGHT, "2026-11-23 19:00", 12),
        (NIGHT, "2026-11-23 23:00", 8),
        (NIGHT, "2026-11-24 00:00", 7),
        (NIGHT, "2026-11-24 06:30", 0.5),
        (NIGHT, "2026-11-24 07:00", 0),
        (NIGHT, "2027-03-27 23:00", 7),  # the clock goes forward that night
        (NIGHT, "2026-10-24 23:00", 9),  # and back
        (LUNCH, "2026-11-23 11:59", 0),
        (LUNCH, "2026-11-23 12:00", 1),
        (LUNCH, "2026-11-23 13:00", 0),
        (LUNCH, "2026-11-23 23:00", 0),
        (Quiet(), "2026-11-23 23:00", 0),
        (Quiet(begin=dt.time(8), end=dt.time(8)), "2026-11-23 08:00", 0),
        (Quiet(snoozed_until=dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)), "2026-11-24 12:00", 1),
        (Quiet(snoozed_until=dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)), "2026-11-24 12:00", 0),
        (Quiet(dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC), dt.time(19), dt.time(7)), "2026-11-24 05:00", 2),
        (Quiet(dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC), dt.time(19), dt.time(7)), "2026-11-24 05:00", 4),
    ],
)  # fmt: skip
def test_how_long_a_reader_wants_nothing(quiet: Quiet, local: str, hours: float) -> None:
    now = dt.datetime.fromisoformat(local).replace(tzinfo=BRUSSELS).astimezone(dt.UTC)
    assert quiet.rest_s(now, BRUSSELS) == hours * 3600


def test_what_comes_in_a_quiet_hour_is_told_in_sum_when_it_is_over(
    database: sa.Engine, config: Settings, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    made = reader("each")
    now = dt.datetime.now(BRUSSELS)
    night = {"quiet_from": now.time(), "quiet_until": (now + dt.timedelta(hours=2)).time()}
    with db.write(database) as conn:
        subscriptions.change(conn, subscriptions.CITY, made["id"], 1, **night)
    for until in ("2027-03-14", "2027-04-01", "2027-05-02"):
        tell(AlertDraft("repair.held", HELD.departments, {**HELD.data, "until": until}))
    with pytest.raises(DeliveryDeferred) as deferred:
        post()
    assert 0 < deferred.value.wait_s <= 300 and server.mails == []
    with db.write(database) as conn:
        subscriptions.change(conn, subscriptions.CITY, made["id"], 2, quiet_from=None, quiet_until=None)
    post()
    assert len(server.mails) == 1


def test_the_morning_waits_for_who_sleeps_longer(
    database: sa.Engine, config: Settings, reader: Any, tell: Any
) -> None:
    late, early = reader("digest", target="late@izegem.example"), reader("digest")
    hours = {"quiet_from": dt.time(20), "quiet_until": dt.time(10)}
    with db.write(database) as conn:
        subscriptions.change(conn, subscriptions.CITY, late["id"], 1, **hours)
    tell(HELD)
    assert len(mailing.sweep(database, config, MONDAY)) == 1  # 9 o'clock in Brussels
    assert len(mailing.sweep(database, config, MONDAY + dt.timedelta(hours=1))) == 1
    with db.read(database) as conn:
        told = set(conn.scalars(sa.select(table.c.id).where(table.c.last_digest_on == MONDAY.date())))
    assert told == {late["id"], early["id"]}


def test_an_email_that_is_tried_again_does_not_wake_its_reader(
    database: sa.Engine, config: Settings, reader: Any, tell: Any, post: Any
) -> None:
    made = reader("each")
    tell(HELD)
    mail_id = mailing.bundle(database, made["id"], config)
    assert mail_id is not None
    snooze = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    with db.write(database) as conn:
        subscriptions.change(conn, subscriptions.CITY, made["id"], 1, snoozed_until=snooze)
    with pytest.raises(DeliveryDeferred):
        mailing.send(database, mail_id, mailing.post_of(config))


def test_a_webhook_that_is_paused_misses_nothing(
    database: sa.Engine, receiver: Receiver, subscribe: Any, tell: Any, deliver: Any
) -> None:
    made = subscribe(receiver.url)
    snooze = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)
    with db.write(database) as conn:
        subscriptions.change(conn, subscriptions.CITY, made["id"], 1, snoozed_until=snooze)
    [seq] = tell(HELD)
    with pytest.raises(DeliveryDeferred) as deferred:
        deliver(made["id"], seq)
    assert 100 < deferred.value.wait_s <= 120 and receiver.requests == []
    with db.read(database) as conn:
        assert conn.scalar(sa.select(deliveries.c.attempts)) == 0
    asleep = (
        "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '50 min' WHERE task_name = 'deliver'"
    )
    with db.write(database) as conn:
        conn.execute(sa.text(asleep))
        subscriptions.change(conn, subscriptions.CITY, made["id"], 2, snoozed_until=None)
        begins = "SELECT scheduled_at <= now() FROM procrastinate_jobs WHERE task_name = 'deliver'"
        assert list(conn.scalars(sa.text(begins))) == [True], "the end of the pause wakes what waits for it"
    policy = webhook.DeliveryPolicy("https://geo.example", timeout_s=10, allow_private=True)
    assert webhook.deliver(database, made["id"], seq, policy) == "delivered"


@pytest.mark.parametrize("shadow", [True, False])
def test_a_rule_in_the_shadow_tells_nobody(database: sa.Engine, reader: Any, shadow: bool) -> None:
    reader("each")
    with db.write(database) as conn:
        scene = Scene(conn)
        if shadow:
            for rule in RULES:
                scene.change_rule(rule.id, state="shadow")
        scene.works(at=(0, 0.5), length_m=40, days=(30, 44))
        scene.repair(at=(5, 1), scope="section")
    with db.read(database) as conn:
        shy = list(conn.scalars(sa.select(conflicts.c.shadow)))
        told = conn.scalar(sa.select(sa.func.count()).where(alerts.c.conflict_id.is_not(None)))
        waiting = conn.scalar(sa.select(sa.func.count()).select_from(deliveries))
    assert shy and set(shy) == {shadow}
    assert (told == 0 and waiting == 0) == shadow


def patch(client: Any, made: dict[str, Any], **values: Any) -> Any:
    version = client.get(f"/subscriptions/{made['id']}").headers["etag"]
    return client.patch(f"/subscriptions/{made['id']}", json=values, headers={"if-match": version})


def test_a_desk_sets_its_quiet_hours_and_its_snooze(http: Http, reader: Any) -> None:
    desk, made = http("utilities_desk"), {"id": str(reader("each")["id"])}
    hours = {"from": "19:00", "until": "07:00"}
    quiet = patch(desk, made, quiet_hours=hours).json()
    assert quiet["quiet_hours"] == hours and quiet["snoozed_until"] is None
    now = dt.datetime.now(dt.UTC)
    soon, never = (now + dt.timedelta(days=days) for days in (29, 31))
    for ill in ("22:00:00+00:00", "22:00:00", "22:00Z", "24:00", 79200, ""):
        refused = patch(desk, made, quiet_hours={**hours, "from": ill})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "quiet_hours.from"), ill
    snoozed = patch(desk, made, snoozed_until=soon.isoformat(), quiet_hours=None).json()
    assert dt.datetime.fromisoformat(snoozed["snoozed_until"]) == soon and snoozed["quiet_hours"] is None
    assert patch(desk, made, snoozed_until=None).json()["snoozed_until"] is None
    wrong = patch(desk, made, snoozed_until=never.isoformat())
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "snoozed_until")
    hook = {"target": "http://127.0.0.1:9/hook", "quiet_hours": hours}
    wrong = desk.post("/subscriptions", json=hook)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "quiet_hours")


def test_the_test_button_tells_what_the_receiver_said(http: Http, receiver: Receiver) -> None:
    desk = http("utilities_desk")
    made = desk.post("/subscriptions", json={"target": receiver.url}).json()
    patch(desk, made, active=False)
    answer = desk.post(f"/subscriptions/{made['id']}/test").json()
    assert answer == {"delivered": True, "status": 204, "error": None}
    [request] = receiver.requests
    event = Webhook(made["secret"]).verify(request.body, request.headers)
    assert event["type"] == "subscription.test" and event["data"]["subscription_id"] == made["id"]
    receiver.statuses = [500]
    answer = desk.post(f"/subscriptions/{made['id']}/test").json()
    assert answer == {"delivered": False, "status": 500, "error": "HTTP 500"}
    receiver.statuses = [410]
    desk.post(f"/subscriptions/{made['id']}/test")
    assert desk.get(f"/subscriptions/{made['id']}/deliveries").json()["items"] == []
    assert desk.get("/alerts").json()["items"] == []


def test_the_test_button_is_for_the_owner_of_a_webhook(http: Http, reader: Any) -> None:
    desk = http("utilities_desk")
    hook = desk.post("/subscriptions", json={"target": "http://127.0.0.1:9/hook"}).json()
    assert http("partner").post(f"/subscriptions/{hook['id']}/test").status_code == 404
    assert http("viewer").post(f"/subscriptions/{hook['id']}/test").status_code == 403
    answer = desk.post(f"/subscriptions/{hook['id']}/test").json()
    assert (answer["delivered"], answer["status"]) == (False, None) and answer["error"]
    assert desk.post(f"/subscriptions/{reader('each')['id']}/test").status_code == 422
