"""Subscriptions by e-mail and the choice of a person, over HTTP, and the page to unsubscribe."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import people
from geo_service.alerts import feed, mail_queue, subscriptions
from geo_service.alerts.feed import AlertDraft
from geo_service.api.subscriptions import MAX_TEST_MAILS
from geo_service.store import audit, locks, users
from geo_service.store.tables import deliveries
from geo_service.store.tables import subscriptions as table
from tests.accounts.conftest import account, sign_in
from tests.alerts.mail_server import MailServer, listening
from tests.serving import Service, running

BASE = "/api/v1/subscriptions"
DESK = {"channel": "email", "target": "desk@izegem.example", "filter": {"departments": ["nutsen"]}}


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with listening() as server:
        yield server


@pytest.fixture(scope="module")
def service(cluster: Any, template: str, server: MailServer) -> Iterator[Service]:
    name = "test_mail_api"
    cluster.drop_database(name)
    with running(cluster.create_database(name, template), **server.settings()) as service:
        yield service
    cluster.drop_database(name)


@pytest.fixture(autouse=True)
def _alone(service: Service) -> Iterator[None]:
    """What one test subscribed to, no other hears."""
    yield
    with db.write(service.engine) as conn:
        conn.execute(sa.update(table).values(active=False))


def tell(service: Service, *departments: str) -> int:
    with db.write(service.engine) as conn:
        locks.claims_writer(conn)
        [seq] = feed.append(conn, [AlertDraft("repair.held", departments)])
    return seq


def hears(service: Service, seq: int) -> list[str | None]:
    """Who hears of an alert: the target of each delivery, None for a person's own address."""
    with db.read(service.engine) as conn:
        told = sa.select(table.c.target).join(deliveries).where(deliveries.c.alert_seq == seq)
        return list(conn.scalars(told.order_by(table.c.id)))


def test_a_desk_subscribes_its_mailbox_changes_and_ends_it(service: Service) -> None:
    with service.as_("utilities_desk") as desk:
        wanted, once = {**DESK, "rhythm": "digest", "name": "Nutsen"}, {"Idempotency-Key": "mailbox"}
        made, again = (desk.post(BASE, json=wanted, headers=once) for _ in range(2))
        assert made.status_code == 201, made.text
        body = made.json()
        assert again.json() == {**body, "shown_once": []}  # there was no secret
        assert (body["channel"], body["rhythm"], body["secret"], body["personal"]) == (
            "email",
            "digest",
            None,
            False,
        )
        changed = desk.patch(
            f"{BASE}/{body['id']}",
            json={"rhythm": "each", "language": "en"},
            headers={"If-Match": made.headers["etag"]},
        )
        assert (changed.json()["rhythm"], changed.json()["language"]) == ("each", "en")
        assert hears(service, tell(service, "nutsen")) == ["desk@izegem.example"]
        assert hears(service, tell(service, "werkplaatsen")) == []
        gone = desk.delete(f"{BASE}/{body['id']}", headers={"If-Match": changed.headers["etag"]})
        assert gone.status_code == 204
    assert hears(service, tell(service, "nutsen")) == []


def test_a_test_goes_to_the_mailbox_at_once_and_the_answer_of_its_server_comes_back(
    service: Service, server: MailServer
) -> None:
    """To the address of the subscription, to that of a person, and to one that the server refuses; never for who may not see it."""
    person = account(service, "utilities_desk")
    with (
        service.as_("utilities_desk") as desk,
        sign_in(service, person) as browser,
        service.as_("partner") as partner,
    ):
        made = desk.post(BASE, json=DESK).json()
        assert desk.post(f"{BASE}/{made['id']}/test").json() == {
            "delivered": True,
            "status": None,
            "error": None,
        }
        own = browser.post(BASE, json={**DESK, "target": None}).json()
        assert browser.post(f"{BASE}/{own['id']}/test").json()["delivered"]
        assert partner.post(f"{BASE}/{made['id']}/test").status_code == 404
        server.rcpt = ["550 no such mailbox", "250 OK"]
        refused = desk.post(f"{BASE}/{made['id']}/test").json()
        for client, one in ((desk, made), (browser, own)):
            path = f"{BASE}/{one['id']}"
            version = client.get(path).headers["ETag"]
            assert client.delete(path, headers={"If-Match": version}).status_code == 204
    assert server.recipients == ["desk@izegem.example", person]
    assert not refused["delivered"] and "no such mailbox" in refused["error"]


def test_an_address_gets_a_few_tests_a_minute_and_no_more(service: Service, server: MailServer) -> None:
    with service.as_("coordinator") as desk:
        made = desk.post(BASE, json={**DESK, "target": "anybody@elsewhere.example"}).json()
        answers = [desk.post(f"{BASE}/{made['id']}/test") for _ in range(2 * MAX_TEST_MAILS + 1)]
        refused = next(one for one in answers if one.status_code == 429)
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        version = desk.get(f"{BASE}/{made['id']}").headers["ETag"]
        assert desk.delete(f"{BASE}/{made['id']}", headers={"If-Match": version}).status_code == 204
    assert len(server.recipients) <= 2 * MAX_TEST_MAILS


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({**DESK, "target": "desk@izegem.example\r\nBcc: x@y.example"}, "target", "not_an_email"),
        ({**DESK, "target": "Desk <desk@izegem.example>"}, "target", "not_an_email"),
        ({**DESK, "rhythm": "hourly"}, "rhythm", None),
        ({**DESK, "name": "a\nb"}, "name", None),
        ({"channel": "email"}, "target", "email_without_person"),
        ({"channel": "webhook"}, "target", "missing"),
        ({"target": "https://desk.example/hook", "rhythm": "digest"}, "rhythm", "mail_only"),
        ({"target": "https://desk.example/hook", "language": "nl"}, "language", "mail_only"),
    ],
)
def test_what_cannot_be_is_refused(
    service: Service, body: dict[str, Any], field: str, code: str | None
) -> None:
    with service.as_("utilities_desk") as desk:
        refused = desk.post(BASE, json=body)
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error["field"] == field
    assert code in (None, error["code"])


def test_a_webhook_gets_no_rhythm_later(service: Service) -> None:
    with service.as_("utilities_desk") as desk:
        made = desk.post(BASE, json={"target": "https://desk.example/hook"})
        etag = {"If-Match": made.headers["etag"]}
        path = f"{BASE}/{made.json()['id']}"
        assert desk.patch(path, json={"rhythm": "each"}, headers=etag).status_code == 422
        assert desk.patch(path, json={"target": "desk@izegem.example"}, headers=etag).status_code == 422
        assert desk.delete(path, headers=etag).status_code == 204


def test_a_viewer_has_no_mailbox_for_others(service: Service) -> None:
    with service.as_("viewer") as viewer:
        assert viewer.post(BASE, json=DESK).status_code == 403


def test_a_person_chooses_and_hears_of_its_own_department(service: Service) -> None:
    person = account(service, "workshop", department="werkplaatsen")
    with sign_in(service, person) as browser:
        assert browser.get("/api/v1/me").json()["notification"] == "off"
        assert hears(service, tell(service, "werkplaatsen")) == []
        chosen = browser.patch("/api/v1/me", json={"notification": "digest"}).json()
        assert (chosen["notification"], chosen["mail_problem"]) == ("digest", None)
        assert hears(service, tell(service, "werkplaatsen")) == [None]
        assert hears(service, tell(service, "nutsen")) == []
        assert (
            browser.patch("/api/v1/me", json={"notification": "critical"}).json()["notification"]
            == "critical"
        )
        assert browser.patch("/api/v1/me", json={"language": "en"}).json()["notification"] == "critical"
        assert browser.get(BASE).json()["items"] == []
        assert browser.patch("/api/v1/me", json={"notification": None}).status_code == 422
        assert browser.patch("/api/v1/me", json={"notification": "off"}).json()["notification"] == "off"
    assert hears(service, tell(service, "werkplaatsen")) == []


def test_the_quiet_hours_and_the_snooze_of_a_person_hold_for_each_of_its_emails(service: Service) -> None:
    """Before somebody chose any e-mail too; critical or not. What it does not say stays as it was."""
    person = account(service, "workshop", department="werkplaatsen")
    zone = ZoneInfo("Europe/Brussels")
    now = datetime.now(UTC)
    midnight = datetime(2099, 1, 15, tzinfo=zone)
    until = (now + timedelta(days=2)).isoformat()
    night = {"from": "22:00", "until": "06:30"}
    with sign_in(service, person) as browser:
        me = browser.patch("/api/v1/me", json={"quiet_hours": night}).json()
        assert (me["notification"], me["quiet_hours"], me["snoozed_until"]) == ("off", night, None)
        made = browser.post(BASE, json={"channel": "email", "rhythm": "each"}).json()
        with service.as_("coordinator") as client:
            target = person.upper()
            of_city = client.post(BASE, json={"channel": "email", "rhythm": "each", "target": target}).json()

        def rests(at: datetime, of: str = made["id"]) -> float:
            with service.engine.connect() as conn:
                return mail_queue.rest_s(conn, uuid.UUID(of), at, zone)

        assert (rests(midnight), rests(midnight + timedelta(hours=12))) == (6.5 * 3600, 0)
        assert rests(midnight, of_city["id"]) == 6.5 * 3600
        me = browser.patch("/api/v1/me", json={"snoozed_until": until, "notification": "critical"}).json()
        assert (me["notification"], me["quiet_hours"]) == ("critical", night)
        assert rests(now) == pytest.approx(2 * 86_400, abs=1)
        assert browser.patch("/api/v1/me", json={"quiet_hours": None}).json()["snoozed_until"] is not None
        assert browser.patch("/api/v1/me", json={"snoozed_until": None}).json()["quiet_hours"] is None
        assert rests(midnight) == 0
        late = {"snoozed_until": (now + timedelta(days=31)).isoformat()}
        assert browser.patch("/api/v1/me", json=late).json()["errors"][0]["code"] == "snooze_too_long"
    with db.write(service.engine) as conn:
        conn.execute(sa.delete(table).where(table.c.id.in_((made["id"], of_city["id"]))))


def test_a_problem_with_its_address_is_shown_until_it_chooses_anew(service: Service) -> None:
    with sign_in(service, account(service, "workshop")) as browser:
        browser.patch("/api/v1/me", json={"notification": "digest"})
        with db.write(service.engine) as conn:
            conn.execute(sa.update(table).values(problem="550 full", bounces=3, active=False))
        me = browser.get("/api/v1/me").json()
        assert (me["notification"], me["mail_problem"]) == ("off", "550 full")
        assert browser.patch("/api/v1/me", json={"notification": "digest"}).json()["mail_problem"] is None
        browser.patch("/api/v1/me", json={"notification": "off"})


def test_who_is_disabled_or_changes_department_hears_accordingly(service: Service) -> None:
    person = account(service, "workshop", department="werkplaatsen")
    with sign_in(service, person) as browser:
        browser.patch("/api/v1/me", json={"notification": "digest"})
    clerk = audit.Actor(audit.COMMAND_LINE)
    with db.write(service.engine) as conn:
        user = users.of_login(conn, person)
        people.change_role(conn, clerk, user, "workshop", department="nutsen")
    assert hears(service, tell(service, "werkplaatsen")) == []
    assert hears(service, tell(service, "nutsen")) == [None]
    with db.write(service.engine) as conn:
        people.disable(conn, clerk, users.of_login(conn, person))
    assert hears(service, tell(service, "nutsen")) == []


def test_an_own_area_is_seen_by_its_person_only(service: Service) -> None:
    with sign_in(service, account(service, "workshop")) as browser, service.as_("coordinator") as machine:
        made = browser.post(BASE, json={"channel": "email", "name": "Mijn straat", "rhythm": "digest"})
        assert (made.status_code, made.json()["personal"], made.json()["target"]) == (201, True, None)
        assert [one["id"] for one in browser.get(BASE).json()["items"]] == [made.json()["id"]]
        assert machine.get(BASE).json()["items"] == []
        path = f"{BASE}/{made.json()['id']}"
        assert machine.get(path).status_code == 404
        assert browser.delete(path, headers={"If-Match": made.headers["etag"]}).status_code == 204


def test_the_page_asks_first_and_the_button_ends_the_emails(service: Service) -> None:
    with db.write(service.engine) as conn:
        draft = subscriptions.SubscriptionDraft("weg@izegem.example", {}, "email", "each")
        made = subscriptions.create(conn, subscriptions.CITY, draft)
    with httpx.Client(base_url=service.url, timeout=30) as anybody:
        page = anybody.get("/unsubscribe", params={"token": made["secret"]})
        assert (page.status_code, '<form method="post">' in page.text) == (200, True)
        assert "weg@izegem.example" not in page.text
        with db.read(service.engine) as conn:
            assert subscriptions.get(conn, subscriptions.CITY, made["id"])["active"]
        one_click = {"List-Unsubscribe": "One-Click"}
        assert (
            anybody.post("/unsubscribe", params={"token": made["secret"]}, data=one_click).status_code == 200
        )
        assert anybody.post("/unsubscribe", params={"token": "\x00wrong"}).status_code == 404
        assert anybody.post("/unsubscribe").status_code == 404
    with db.read(service.engine) as conn:
        assert not subscriptions.get(conn, subscriptions.CITY, made["id"])["active"]


def test_where_no_email_is_sent_nobody_can_ask_for_one(cluster: Any, template: str) -> None:
    name = "test_no_mail"
    cluster.drop_database(name)
    with running(cluster.create_database(name, template)) as service:
        with service.as_("utilities_desk") as desk:
            refused = desk.post(BASE, json=DESK)
        with sign_in(service, account(service, "workshop")) as browser:
            chosen = browser.patch("/api/v1/me", json={"notification": "digest"})
            assert browser.patch("/api/v1/me", json={"notification": "off"}).status_code == 200
    cluster.drop_database(name)
    assert [one.status_code for one in (refused, chosen)] == [422, 422]
    assert refused.json()["errors"][0]["code"] == "no_mail_server"
