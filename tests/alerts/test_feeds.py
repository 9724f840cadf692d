"""The calendar at a private address, read with programs of others, and the end of such addresses."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import feedparser
import httpx
import icalendar
import pytest
import sqlalchemy as sa
import vobject

from geo_service import db, i18n
from geo_service.accounts import people
from geo_service.alerts import calendar as ics
from geo_service.store import audit, feed_links, keys, users
from geo_service.store.tables import api_keys, holds
from geo_service.store.tables import feed_links as link_table
from geo_service.store.tables import works as works_table
from tests.accounts.conftest import account, sign_in
from tests.alerts.feed_scenes import ENDS, STARTS, calendar, fetch, link, service, works, works_body
from tests.serving import TODAY, Service, box, point

__all__ = ["service", "works"]  # fixtures


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
    for owners, is_there in ((["proximus"], True), (["fluvius"], False)):
        of_owner = calendar(service, link(service, owners=owners)["token"]).values()
        assert (agreement["uid"] in [event["uid"] for event in of_owner]) is is_there
    with service.as_("coordinator") as http:
        etag = http.get(f"/api/v1/conflicts/{conflict['id']}").headers["etag"]
        path = f"/api/v1/conflicts/{conflict['id']}/settle"
        assert http.post(path, json={}, headers={"If-Match": etag}).status_code == 200
    settled = calendar(service, made["token"]).values()
    assert agreement["uid"] in [event["uid"] for event in settled]
    assert "Proximus: Werken P1" in found
    assert "Fluvius: Werken F1" not in found


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


def test_what_ends_before_its_time_stays_cancelled_for_sixty_days(service: Service) -> None:
    with service.as_("coordinator") as http:
        stored = http.post("/api/v1/works", json=works_body("Telenet", "D1", 2500)).json()
        repair = {"category": "loose_slab", "scope": "spot", "urgency": "normal", "geometry": point(2505, 1)}
        repair_id = http.post("/api/v1/repairs", json=repair).json()["id"]
        [conflict] = http.get("/api/v1/conflicts", params={"repair": repair_id}).json()["items"]
        area = box(2490, -10, 2530, 10)
        token = link(service, departments=["werkplaatsen"], area=area)["token"]

        def events() -> list[icalendar.Event]:
            """Of the works, the hold and the agreement, where they stand in the calendar."""
            by_uid = {
                str(event["uid"]).partition("@")[0]: event for event in calendar(service, token).values()
            }
            names = f"works-{stored['id']}", f"hold-{repair_id}", f"agreement-{conflict['id']}"
            return [by_uid[name] for name in names if name in by_uid]

        def step(name: str, **body: Any) -> None:
            path = f"/api/v1/conflicts/{conflict['id']}"
            etag = {"If-Match": http.get(path).headers["etag"]}
            assert http.post(f"{path}/{name}", json=body, headers=etag).status_code == 200

        step("agree", kind="hold_until", until=str(ENDS))
        before = events()
        step("undo")
        path = f"/api/v1/works/{stored['id']}"
        later = {"starts_on": str(STARTS), "ends_on": str(ENDS + dt.timedelta(days=9))}
        body = works_body("Telenet", "D1", 2500)["phases"][0]
        etag = {"If-Match": http.get(path).headers["etag"]}
        assert http.patch(path, json={"phases": [{**body, **later}]}, headers=etag).status_code == 200
        moved = events()
        etag = {"If-Match": http.get(path).headers["etag"]}
        assert http.delete(path, headers=etag).status_code == 204
        after = events()
    assert [str(event["status"]) for event in before] == ["CONFIRMED"] * 3
    assert [str(event["status"]) for event in moved] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [str(event["status"]) for event in after] == ["CANCELLED"] * 3
    assert moved[1].decoded("dtstart") > before[1].decoded("dtstart")
    for first, second, third in zip(before, moved, after, strict=True):
        assert first["sequence"] < second["sequence"] <= third["sequence"]
    assert all(
        second["sequence"] < third["sequence"] for second, third in zip(moved[:2], after, strict=False)
    )
    reader = feed_links.Reader(uuid.uuid4(), "x", None, {"area": area}, "nl")
    with db.read(service.engine) as conn:
        assert len(ics.events(conn, reader, TODAY, 10)) == 3
        assert ics.events(conn, reader, dt.datetime.now(dt.UTC).date() + dt.timedelta(days=61), 10) == []


def test_a_hold_that_was_kept_until_its_day_is_not_cancelled(service: Service) -> None:
    reader = feed_links.Reader(uuid.uuid4(), "x", None, {"area": box(2690, -10, 2730, 10)}, "nl")
    with service.as_("coordinator") as http:
        assert http.post("/api/v1/works", json=works_body("Telenet", "D2", 2700)).status_code == 201
        repair = {"category": "loose_slab", "scope": "spot", "urgency": "normal", "geometry": point(2705, 1)}
        repair_id = http.post("/api/v1/repairs", json=repair).json()["id"]
    ended = sa.update(holds).where(holds.c.repair_id == uuid.UUID(repair_id))
    with service.engine.connect() as conn:
        for day, cancelled in ((holds.c.until, False), (holds.c.until - 1, True)):
            conn.execute(ended.values(released_on=day))
            rows = ics.events(conn, reader, TODAY, 10)
            assert [row["cancelled"] for row in rows if row["kind"] == "hold"] == [cancelled]


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


def test_a_text_stays_one_line_of_the_calendar(service: Service) -> None:
    with service.as_("coordinator") as http:
        for name in ("Fluvius\n", "a\rX-EVIL:1", "\x1b"):
            assert http.post("/api/v1/feeds", json={"name": name}).status_code == 422, name
        stored = http.post("/api/v1/works", json=works_body("Fluvius", "F3", 1300))
    made = link(service, owners=["fluvius"])
    with db.write(service.engine) as conn:  # as they may have been stored before names were checked
        conn.execute(sa.update(link_table).values(name="a\rX-EVIL:1\nb; c"))
        conn.execute(
            sa.update(works_table)
            .where(works_table.c.id == stored.json()["id"])
            .values(title="Gas\x0b en\x1b\rstroom")
        )
    answer = fetch(service, "works.ics", made["token"])
    assert answer.status_code == 200
    assert "NAME:a X-EVIL:1 b\\; c" in answer.text.split("\r\n")
    assert not set(answer.text) & set(map(chr, range(32))) - {"\r", "\n"}
    assert "\r" not in answer.text.replace("\r\n", "")
    assert "Fluvius: Gas en stroom" in calendar(service, made["token"])


def test_a_calendar_that_is_cut_keeps_what_comes_and_says_so(service: Service, works: Any) -> None:
    over = [{"starts_on": str(TODAY - dt.timedelta(days=50)), "ends_on": str(TODAY - dt.timedelta(days=20))}]
    running = [
        {"starts_on": str(TODAY - dt.timedelta(days=900)), "ends_on": str(TODAY + dt.timedelta(days=900))}
    ]
    with service.as_("coordinator") as http:
        for number, days in enumerate((over, running)):
            body = works_body("Aquafin", f"C{number}", 1500 + 40 * number)
            body["phases"] = [{**body["phases"][0], **days[0]}]
            assert http.post("/api/v1/works", json=body).status_code == 201
    reader = feed_links.Reader(uuid.uuid4(), "x", None, {"owners": ["aquafin", "fluvius"]}, "nl")
    words = i18n.Translator("nl", TODAY)

    def titles(most: int) -> tuple[set[str], bool]:
        with db.read(service.engine) as conn:
            body = ics.works_calendar(conn, reader, words, service.url, "Europe/Brussels", most)
        found = icalendar.Calendar.from_ical(body)
        shown = {str(event["summary"]) for event in found.walk("VEVENT")}
        return shown, f"de eerste {most}" in str(found.get("description", ""))

    whole, is_cut = titles(100)
    assert "Aquafin: Werken C0" in whole and not is_cut
    most, is_cut = titles(len(whole) - 1)
    assert (whole - most, is_cut) == ({"Aquafin: Werken C0"}, True)
    assert titles(1) == ({"Aquafin: Werken C1"}, True)
