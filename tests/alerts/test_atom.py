"""The Atom feed at a private address, and the cursor of the feed over a restore."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import feed
from geo_service.alerts.feed import AlertDraft
from geo_service.store import feed_epoch, locks
from geo_service.store.tables import alerts as alert_table
from tests.alerts.feed_scenes import ATOM, fetch, link, service, works
from tests.serving import Service, box

__all__ = ["service", "works"]  # fixtures


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


def test_control_characters_do_not_break_the_feed(service: Service) -> None:
    with db.write(service.engine) as conn:
        locks.claims_writer(conn)
        [seq] = feed.append(
            conn, [AlertDraft("feed.stopped", ("nutsen",), {"source": "a\x0b<b>&", "last_success_at": None})]
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
        with http.stream("GET", "/api/v1/alerts/stream", params=known) as stream:
            assert stream.status_code == 200
        with db.write(service.engine) as conn:
            feed_epoch.renew(conn)
        assert http.get("/api/v1/alerts", params=known).status_code == 410
        assert http.get("/api/v1/alerts/stream", params=known).status_code == 410
        again = {"Last-Event-ID": str(page["last"])}
        assert (
            http.get("/api/v1/alerts/stream", params={"epoch": page["epoch"]}, headers=again).status_code
            == 410
        )
        assert http.get("/api/v1/alerts", params={"after": 0}).json()["epoch"] != page["epoch"]
