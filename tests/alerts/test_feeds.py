"""The calendar and the Atom feed at private addresses, read with programs of others; the cursor of the feed over a restore."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import httpx
import icalendar
import pytest
import sqlalchemy as sa
import vobject

from geo_service import db
from geo_service.accounts import people
from geo_service.alerts import feed
from geo_service.alerts.feed import Alert
from geo_service.store import audit, feed_epoch, keys, locks, users
from geo_service.store.tables import alerts as alert_table
from geo_service.store.tables import api_keys, repairs
from tests.accounts.conftest import account, sign_in
from tests.serving import TODAY, Service, box, point, running

ATOM = "{http://www.w3.org/2005/Atom}"
STARTS, ENDS = TODAY + dt.timedelta(days=30), TODAY + dt.timedelta(days=44)


@pytest.fixture(scope="module")
def service(cluster: Any, template: str) -> Iterator[Service]:
    name = f"feeds_{uuid.uuid4().hex[:12]}"
    with running(cluster.create_database(name, template)) as service:
        yield service
    cluster.drop_database(name)


def works_body(owner: str, source_id: str, x: float = 0, **values: Any) -> dict[str, Any]:
    phase = {
        "geometry": box(x, 0, x + 20, 2), "starts_on": STARTS.isoformat(), "ends_on": ENDS.isoformat(), "opens_surface": True,
    }  # fmt: skip
    return {
        "source": "test", "source_id": source_id, "owner": owner, "title": f"Werken {source_id}", "kind": "groundworks",
        "certainty": "planned", "phases": [phase], **values,
    }  # fmt: skip


@pytest.fixture(scope="module")
def works(service: Service) -> dict[str, httpx.Response]:
    """Works of Proximus that a repair meets, and works of Fluvius further on."""
    with service.as_("coordinator") as http:
        made = {
            "proximus": http.post("/api/v1/works", json=works_body("Proximus", "P1")),
            "fluvius": http.post("/api/v1/works", json=works_body("Fluvius", "F1", 500)),
        }
        repair = {"category": "loose_slab", "scope": "spot", "urgency": "normal", "geometry": point(5, 1)}
        assert http.post("/api/v1/repairs", json=repair).status_code == 201
    assert {one.status_code for one in made.values()} == {201}
    return made


def link(service: Service, role: str = "coordinator", **filter_: Any) -> dict[str, Any]:
    with service.as_(role) as http:
        made = http.post("/api/v1/feeds", json={"name": "Test", "filter": filter_})
    assert made.status_code == 201, made.text
    return dict(made.json())


def fetch(service: Service, name: str, token: str, **headers: str) -> httpx.Response:
    """What stands at a private address, for who has nothing but its token."""
    with httpx.Client(base_url=service.url, timeout=30) as anybody:
        return anybody.get(f"/feeds/{name}", params={"token": token}, headers=headers)


def calendar(service: Service, token: str) -> dict[str, icalendar.Event]:
    """The works of the calendar by their summary."""
    answer = fetch(service, "works.ics", token)
    assert answer.status_code == 200, answer.text
    found = icalendar.Calendar.from_ical(answer.content)
    return {str(event["summary"]): event for event in found.walk("VEVENT")}


def test_two_readers_see_the_same_days(service: Service, works: Any) -> None:
    made = link(service)
    answer = fetch(service, "works.ics", made["token"])
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    ours = calendar(service, made["token"])["Proximus: Werken P1"]
    assert (ours.decoded("dtstart"), ours.decoded("dtend")) == (STARTS, ENDS)
    assert ours["dtstart"].params["VALUE"] == "DATE"
    others = {one.uid.value: one for one in vobject.readOne(answer.text).vevent_list}
    theirs = others[str(ours["uid"])]
    assert (theirs.dtstart.value, theirs.dtend.value, theirs.summary.value) == (
        STARTS,
        ENDS,
        "Proximus: Werken P1",
    )
    assert ours["uid"] == f"works-{works['proximus'].json()['id']}@127.0.0.1"
    assert b"BEGIN:VTIMEZONE" in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_works_last_from_their_first_phase_to_their_last(service: Service) -> None:
    body = works_body("Aquafin", "A2", 900)
    [first] = body["phases"]
    later = {"starts_on": str(ENDS + dt.timedelta(days=10)), "ends_on": str(ENDS + dt.timedelta(days=20))}
    body["phases"] = [{**first, **later}, first]
    with service.as_("coordinator") as http:
        assert http.post("/api/v1/works", json=body).status_code == 201
    event = calendar(service, link(service)["token"])["Aquafin: Werken A2"]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (STARTS, ENDS + dt.timedelta(days=20))


def test_a_hold_and_an_agreement_stand_on_their_day(service: Service, works: Any) -> None:
    made = link(service, departments=["werkplaatsen"])
    found = calendar(service, made["token"])
    [hold] = [event for event in found.values() if event["uid"].startswith("hold-")]
    assert hold.decoded("dtstart") >= ENDS
    assert hold.decoded("dtend") - hold.decoded("dtstart") == dt.timedelta(days=1)
    with service.as_("coordinator") as http:
        [conflict] = [
            one for one in http.get("/api/v1/conflicts").json()["items"] if one["rule"] == "wasted_repair"
        ]
        etag = http.get(f"/api/v1/conflicts/{conflict['id']}").headers["etag"]
        step = {"kind": "hold_until", "until": ENDS.isoformat()}
        path = f"/api/v1/conflicts/{conflict['id']}/agree"
        assert http.post(path, json=step, headers={"If-Match": etag}).status_code == 200
    [agreement] = [
        event for event in calendar(service, made["token"]).values() if event["uid"].startswith("agreement-")
    ]
    assert agreement.decoded("dtstart") == ENDS
    with service.as_("coordinator") as http:
        etag = http.get(f"/api/v1/conflicts/{conflict['id']}").headers["etag"]
        path = f"/api/v1/conflicts/{conflict['id']}/settle"
        assert http.post(path, json={}, headers={"If-Match": etag}).status_code == 200
    settled = calendar(service, made["token"]).values()
    assert agreement["uid"] in [event["uid"] for event in settled]
    assert "Proximus: Werken P1" in found
    assert "Fluvius: Werken F1" not in found
    with db.write(service.engine) as conn:
        conn.execute(sa.update(repairs).where(repairs.c.held).values(held=False))
    free = calendar(service, made["token"]).values()
    assert not [event for event in free if event["uid"].startswith("hold-")]


def test_a_change_keeps_the_uid_and_raises_the_sequence_and_cancelled_stays(service: Service) -> None:
    made = link(service, "coordinator", owners=["fluvius"])
    with service.as_("coordinator") as http:
        stored = http.post("/api/v1/works", json=works_body("Fluvius", "F2", 900))
        before = calendar(service, made["token"])["Fluvius: Werken F2"]
        etag = {"If-Match": stored.headers["etag"]}
        path = f"/api/v1/works/{stored.json()['id']}"
        changed = http.patch(path, json={"certainty": "cancelled"}, headers=etag)
        assert changed.status_code == 200, changed.text
    after = calendar(service, made["token"])["Fluvius: Werken F2"]
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert (str(before["status"]), str(after["status"])) == ("CONFIRMED", "CANCELLED")


def test_a_filter_by_owner_and_by_area(service: Service, works: Any) -> None:
    of_owner = calendar(service, link(service, owners=["proximus"])["token"])
    assert {name for name, event in of_owner.items() if event["uid"].startswith("works-")} == {
        "Proximus: Werken P1"
    }
    of_area = calendar(service, link(service, area=box(490, -10, 530, 10))["token"])
    assert set(of_area) == {"Fluvius: Werken F1"}


def test_a_partner_sees_its_own_only(service: Service, works: Any) -> None:
    token = link(service, "partner")["token"]
    kinds = {event["uid"].partition("-")[0] for event in calendar(service, token).values()}
    assert "hold" not in kinds
    assert not any(name.startswith("Fluvius") for name in calendar(service, token))
    entries = feedparser.parse(fetch(service, "alerts.atom", token).content).entries
    assert entries
    assert {entry.category.partition(".")[0] for entry in entries} == {"conflict"}


def test_atom_is_sound_and_says_where(service: Service, works: Any) -> None:
    made = link(service)
    answer = fetch(service, "alerts.atom", made["token"])
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert made["token"] not in answer.text
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    root = ET.fromstring(answer.content)
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(ATOM + name)) == 1
    entries = root.findall(f"{ATOM}entry")
    assert entries
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        moment = entry.findtext(f"{ATOM}updated")
        assert moment is not None and dt.datetime.fromisoformat(moment).tzinfo is not None
        assert entry.findtext(f"{ATOM}title")
        assert entry.findtext(f"{ATOM}summary")
        [alternate] = [one for one in entry.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
        assert str(alternate.get("href")).startswith("http")
    opened = next(entry for entry in parsed.entries if entry.category == "conflict.opened")
    lat, lon = (
        map(float, opened.georss_point.split())
        if "georss_point" in opened
        else opened.where.coordinates[::-1]
    )
    assert 50 < lat < 52
    assert 2 < lon < 6
    moments = [entry.updated for entry in parsed.entries]
    assert moments == sorted(moments, reverse=True)


def test_who_has_it_already_gets_304(service: Service, works: Any) -> None:
    token = link(service)["token"]
    for name in ("works.ics", "alerts.atom"):
        first = fetch(service, name, token)
        assert first.headers["cache-control"] == "private, max-age=300"
        assert fetch(service, name, token, **{"If-None-Match": first.headers["etag"]}).status_code == 304


def test_an_address_ends_when_its_maker_ends_it_and_nobody_else_can(service: Service) -> None:
    made = link(service)
    with service.as_("coordinator") as owner, service.as_("admin") as other:
        assert [one["id"] for one in owner.get("/api/v1/feeds").json()["items"]].count(made["id"]) == 1
        assert made["token"] not in owner.get("/api/v1/feeds").text
        assert other.delete(f"/api/v1/feeds/{made['id']}").status_code == 404
        assert owner.delete(f"/api/v1/feeds/{made['id']}").status_code == 204
        assert owner.delete(f"/api/v1/feeds/{made['id']}").status_code == 404
    assert fetch(service, "works.ics", made["token"]).status_code == 404


@pytest.mark.parametrize("token", ["", "wrong", "a" * 100, "\x00"])
def test_a_wrong_token_opens_nothing(service: Service, token: str) -> None:
    for name in ("works.ics", "alerts.atom"):
        assert fetch(service, name, token).status_code == 404


def test_the_address_of_who_is_disabled_or_revoked_opens_nothing(service: Service) -> None:
    login = account(service, "viewer")
    with sign_in(service, login) as browser:
        token = browser.post("/api/v1/feeds", json={"name": "Mijn agenda"}).json()["token"]
    assert fetch(service, "works.ics", token).status_code == 200
    with db.write(service.engine) as conn:
        people.disable(conn, audit.Actor(audit.COMMAND_LINE), users.of_login(conn, login))
        key = keys.create(conn, "short", "viewer")
    assert fetch(service, "works.ics", token).status_code == 404
    with httpx.Client(timeout=30, base_url=service.url, headers={"Authorization": f"Bearer {key}"}) as http:
        token = http.post("/api/v1/feeds", json={"name": "x"}).json()["token"]
    assert fetch(service, "works.ics", token).status_code == 200
    with db.write(service.engine) as conn:
        short = conn.scalars(sa.select(api_keys.c.id).where(api_keys.c.name == "short")).one()
        keys.revoke(conn, short)
    assert fetch(service, "works.ics", token).status_code == 404


def test_a_person_of_a_partner_reads_by_the_group_it_has_now(service: Service, works: Any) -> None:
    login = account(service, "partner", owner_group="fluvius")
    with sign_in(service, login) as browser:
        token = browser.post("/api/v1/feeds", json={"name": "x"}).json()["token"]
    assert "Fluvius: Werken F1" in calendar(service, token)
    with db.write(service.engine) as conn:
        user = users.of_login(conn, login)
        people.change_role(conn, audit.Actor("x"), user, "partner", owner_group="proximus")
    assert "Fluvius: Werken F1" not in calendar(service, token)


def test_control_characters_do_not_break_the_feed(service: Service) -> None:
    with db.write(service.engine) as conn:
        locks.claims_writer(conn)
        [seq] = feed.append(
            conn, [Alert("feed.stopped", ("nutsen",), {"source": "a\x0b<b>&", "last_success_at": None})]
        )
    parsed = feedparser.parse(fetch(service, "alerts.atom", link(service)["token"]).content)
    assert not parsed.bozo
    with db.write(service.engine) as conn:
        conn.execute(sa.delete(alert_table).where(alert_table.c.seq == seq))


def test_the_feed_is_filtered_by_type_department_and_area(service: Service, works: Any) -> None:
    with service.as_("viewer") as http:
        everything = http.get("/api/v1/alerts").json()
        types = {one["type"] for one in everything["items"]}
        assert {"conflict.opened", "repair.held"} <= types
        held = http.get("/api/v1/alerts", params={"types": ["repair.held"]}).json()
        assert {one["type"] for one in held["items"]} == {"repair.held"}
        assert held["last"] == everything["last"]
        for department in ("werkplaatsen", "nutsen"):
            mine = http.get("/api/v1/alerts", params={"departments": department}).json()["items"]
            assert mine == [one for one in everything["items"] if department in one["departments"]]
        near, far = (json.dumps(box(x, -10, x + 40, 10)) for x in (0, 3000))
        here = http.get("/api/v1/alerts", params={"area": near}).json()["items"]
        assert {"conflict.opened", "repair.held"} <= {one["type"] for one in here}
        assert [one for one in everything["items"] if one in here] == here
        assert http.get("/api/v1/alerts", params={"area": far}).json()["items"] == []
        for bad in ("x", "[]", '{"type": "Point", "coordinates": [3, 51]}', "[" * 5000):
            assert http.get("/api/v1/alerts", params={"area": bad}).status_code == 422


def test_a_cursor_of_before_a_restore_is_told_apart(service: Service, works: Any) -> None:
    with service.as_("viewer") as http:
        page = http.get("/api/v1/alerts").json()
        known = {"after": page["last"], "epoch": page["epoch"]}
        assert http.get("/api/v1/alerts", params=known).json()["items"] == []
        ahead = http.get("/api/v1/alerts", params={"after": page["last"] + 1})
        assert (ahead.status_code, ahead.json()["code"]) == (410, "feed_restarted")
        last_id = {"Last-Event-ID": str(page["last"] + 1)}
        assert http.get("/api/v1/alerts/stream", headers=last_id).status_code == 410
        with db.write(service.engine) as conn:
            feed_epoch.renew(conn)
        assert http.get("/api/v1/alerts", params=known).status_code == 410
        assert http.get("/api/v1/alerts", params={"after": 0}).json()["epoch"] != page["epoch"]
