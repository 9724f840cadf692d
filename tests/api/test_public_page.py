"""The page of a street for everybody: what the lists have of that street and nothing else, in kind words whatever is typed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from geo_service import city
from geo_service.cluster import Cluster
from geo_service.db import write
from geo_service.store import cities
from tests.api.scenario import Street, day, plain
from tests.serving import STREET, Service, box, running

PATH = "/mijn-straat"
AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
CONTACT = {"phone": "051 00 00 00", "email": "werken@stad.example", "url": "https://stad.example/werken"}
HOSTILE = ("%", "'; DROP TABLE works; --", "<script>alert(1)</script>", "\x00", "a\x00b", "((((", "\\", "{{7*7}}", "🕳️ 3", "%ED%A0%80", "9" * 20, "steeg " * 14, "x" * 5000)  # fmt: skip


@pytest.fixture(scope="module")
def service(cluster: Cluster, template: str) -> Iterator[Service]:
    """The service with its public page, on 23 November 2026."""
    name = f"public_{uuid.uuid4().hex[:12]}"
    try:
        with running(
            cluster.create_database(name, template), public_page=True, rate_per_address=60_000
        ) as found:
            yield found
    finally:
        cluster.drop_database(name)


@pytest.fixture(scope="module")
def quay(service: Service) -> Street:
    """The Kaaistraat, 100 m long: houses 30 to 36 on the even side, and works and repairs of every kind in it and beside it."""
    street = Street(service, 0)
    ground = [
        ("INSERT INTO pavement_sections (source, code, kind, street, geom) VALUES ('test', 'K2', 'carriageway', 'Kaaistraat', ST_MakeEnvelope(:x, :y + 1.42, :x + 100, :y + 8, 31370))", {}),
        ("INSERT INTO pavement_sections (source, code, kind, street, side, geom) VALUES ('test', 'K1', 'footpath', 'Kaaistraat', 'even', ST_MakeEnvelope(:x, :y, :x + 100, :y + 2, 31370))", {}),
        *(("INSERT INTO buildings (source, source_id, street, house_number, geom) VALUES ('test', :n, 'Kaaistraat', :n, ST_MakeEnvelope(:x + :at, :y - 8, :x + :at + 10, :y - 1, 31370))", {"n": str(n), "at": 10 * (n - 30) / 2}) for n in (30, 32, 34, 36)),
        *((f"INSERT INTO buildings (source, source_id, street, house_number, geom) VALUES ('test', '{name}', '{name}', '1', ST_MakeEnvelope(:x + 500, :y, :x + 510, :y + 5, 31370))", {}) for name in ("Nieuwe Dreef", "Oude Dreef")),
        ("INSERT INTO buildings (source, source_id, street, house_number, geom) VALUES ('test', 's', 'Stille Weg', '1', ST_MakeEnvelope(:x + 900, :y, :x + 910, :y + 5, 31370))", {}),
    ]  # fmt: skip
    with write(service.engine) as conn:
        for insert, values in ground:
            conn.execute(sa.text(insert), {"x": STREET[0], "y": STREET[1], **values})
        cities.put(conn, {**city.content(), "contact": CONTACT})
    street.works((10, 22), title="Zonderling kabel", description="bel Jan Zonderling", remark="geheim")
    street.works(
        (-3, 1), along=(-600, 40), owner="Fluvius Site Roeselare", kind="works", certainty="in_progress"
    )
    street.works((-9, -2), along=(70, 95), kind="works", certainty="in_progress")
    street.works((40, 41), owner="Jan Zonderling", kind="works", certainty="indicative")
    street.works((5, 6), owner="Comité Zonderling", kind="event")
    street.works((1, 800), owner="Elia", across=(0, 300), along=(0, 300))
    street.works((20, 30), certainty="cancelled", owner="Aquafin")
    street.works((-20, 0), owner="Pidpa")
    street.works((20, 30), along=(300, 340), owner="Vivaqua")
    with service.as_("utilities_desk") as desk:
        withdrawn = street.works((20, 30), owner="Farys")
        etag = {"If-Match": desk.get(f"/api/v1/works/{withdrawn['id']}").headers["ETag"]}
        assert desk.delete(f"/api/v1/works/{withdrawn['id']}", headers=etag).status_code == 204
    planned = street.repair(along=(60, 90), across=(0, 1.5), description="put voor Zonderling", reporter={"name": "Jan Zonderling"})  # fmt: skip
    street.repair(along=(60, 90), description="nog niet gepland")
    assert (
        street.schedule(
            planned, (2, 4), role="coordinator", override_reason="geheim: gevaar op school"
        ).status_code
        == 200
    )
    return street


def ask(service: Service, address: str | None = None, **query: str) -> httpx.Response:
    with service.as_(None) as client:
        return client.get(PATH, params={**({} if address is None else {"adres": address}), **query})


def titles(answer: httpx.Response) -> list[str]:
    return [plain(one) for one in re.findall(r"<h3>(.*?)</h3>", answer.text)]


def test_it_shows_the_works_and_repairs_of_the_street_in_the_order_of_their_days(quay: Street) -> None:
    answer = ask(quay.service, "kaaistraat")
    assert answer.status_code == 200
    assert titles(answer) == [
        "Proximus werkt hier. Dat zou klaar zijn op vr 20 nov.",
        "Fluvius werkt hier van vr 20 nov tot en met ma 23 nov",
        "Elia kan hier werken van di 24 nov tot en met di 30 jan 2029",
        "Stad Izegem herstelt hier het voetpad van wo 25 nov tot en met do 26 nov",
        "Hier is een evenement op za 28 nov",
        "Proximus werkt hier van do 3 dec tot en met ma 14 dec",
        "Een andere uitvoerder wil hier werken op za 2 jan 2027. Dat is nog niet zeker.",
    ]
    assert "voetpad, even zijde, nr. 30–36 · 12 dagen" in plain(answer.text)
    assert "voetpad, even zijde, nr. 30–36 · 4 dagen" in plain(
        answer.text
    )  # of 640 m, what lies in the street
    assert "groot gebied · 799 dagen" in plain(answer.text)
    assert "voetpad, even zijde, nr. 30–36 · 1 dag<" in plain(answer.text)


def test_the_days_are_those_of_the_list(quay: Street) -> None:
    with quay.service.as_("viewer") as viewer:
        items: list[dict[str, Any]] = viewer.get("/api/v1/works", params={"from": day(0)}).json()["items"]
        late = viewer.get("/api/v1/works", params={"status": "in_progress", "to": day(-1)}).json()["items"]
    here = [one for one in items if one["owner"] not in ("Vivaqua",) and one["certainty"] != "cancelled"]
    assert len(titles(ask(quay.service, "Kaaistraat"))) == len({one["id"] for one in (*here, *late)}) + 1
    assert [one["phases"][0]["ends_on"] for one in here if one["owner"] == "Proximus"] == [day(22)]


def test_it_tells_nothing_that_is_not_for_everybody(quay: Street) -> None:
    answer = ask(quay.service, "Kaaistraat 30")
    with quay.service.as_("viewer") as viewer:
        everything = [
            one
            for path in ("works", "repairs", "conflicts")
            for one in viewer.get(f"/api/v1/{path}").json()["items"]
        ]
    inside = {str(one[name]) for one in everything for name in ("id", "source_id", "number") if one.get(name)}
    assert len(inside) > 10
    assert [one for one in inside if re.search(rf"\b{re.escape(one)}\b", answer.text)] == []
    for secret in ("Zonderling", "geheim", "gevaar", "gepland niet", "€", "onflict", "/api/", "/kaart", "Aquafin", "Pidpa", "Vivaqua", "Farys"):  # fmt: skip
        assert secret not in answer.text


def test_a_house_is_marked_and_an_unknown_one_is_said(quay: Street) -> None:
    assert ask(quay.service, "Kaaistraat 30").text.count("Bij uw deur") == 4  # the repair lies 30 m further
    assert ask(quay.service, "Kaaistraat 30b").text.count("Bij uw deur") == 4
    assert "Bij uw deur" not in ask(quay.service, "Kaaistraat").text
    unknown = ask(quay.service, "Kaaistraat 999")
    assert "Wij vinden nummer 999 niet" in unknown.text
    assert titles(unknown) == titles(ask(quay.service, "Kaaistraat"))


def test_only_the_phases_of_the_street_and_of_the_days_to_come_are_there(quay: Street) -> None:
    lane = Street(quay.service, 2_000)
    axis = "INSERT INTO streets (source, name, geom) VALUES ('test', 'Aslaan', ST_SetSRID(ST_MakeLine(ST_Point(:x, :y), ST_Point(:x + 100, :y)), 31370))"
    with write(quay.service.engine) as conn:
        conn.execute(sa.text(axis), {"x": STREET[0] + lane.x, "y": STREET[1] + 6})
    zones = ((-20, 0, 10), (-9, 0, 20), (3, 0, 30), (40, 300, 310))
    phases = [
        {
            "geometry": box(lane.x + west, 1, lane.x + west + width, 2),
            "starts_on": day(n),
            "ends_on": day(n + 9),
        }
        for n, west, width in zones
    ]
    site = {**phases[2], "opens_surface": False}
    lane.works((0, 1), phases=[*phases, site], owner="Aquafin")
    old, new = (lane.works((20, 25), owner=owner) for owner in ("Elia", "Fluvius"))
    pair = "INSERT INTO renumberings (source, target, old_id, new_id, old_source_id, new_source_id, likeness, silent_id) VALUES ('gipod', 'works', :old, :new, '1', '2', 1, :new)"
    with write(quay.service.engine) as conn:
        conn.execute(sa.text(pair), {"old": old["id"], "new": new["id"]})
        conn.execute(sa.text("UPDATE works SET vanished_at = now() WHERE id = :id"), {"id": old["id"]})
    answer = ask(quay.service, "aslaan")
    assert titles(answer) == [
        "Aquafin werkt hier van do 26 nov tot en met vr 4 dec",
        "Elia werkt hier van zo 13 dec tot en met do 17 dec",
    ]
    assert answer.text.count("De bron toont dit werk niet meer") == 1
    assert answer.text.count("De grond gaat hier open.") == 2


def test_a_repair_that_is_done_is_over_and_a_corner_has_its_own_street(quay: Street) -> None:
    dreef = Street(quay.service, 500)  # drawn by its houses only
    done, planned = (dreef.repair(along=(west, west + 4), scope="spot") for west in (0, 5))
    for repair in (done, planned):
        assert dreef.schedule(repair, (3, 5)).status_code == 200
    dreef.complete(done, 0, scope="spot")
    answer = ask(quay.service, "Oude Dreef 1")
    assert titles(answer) == ["Stad Izegem herstelt hier de straat van do 26 nov tot en met vr 27 nov"]
    assert "Nieuwe Dreef, nr. 1 · 2 dagen" in answer.text  # two streets have a house on this spot
    assert "Bij uw deur" in answer.text
    assert titles(ask(quay.service, "Oude Dreef")) == titles(answer)


def test_it_says_what_the_data_say_of_passing_by_and_how_old_they_are(quay: Street) -> None:
    assert (
        ask(quay.service, "Kaaistraat").text.count("De grond gaat hier open.") == 1
    )  # not of the large area, of a scaffold, of a market
    assert "Bron: Stad Izegem" in ask(quay.service, "Kaaistraat").text
    update = "UPDATE works SET consequences = :words WHERE owner_id = (SELECT id FROM organisations WHERE name = 'Proximus')"
    read = (
        "INSERT INTO imports (source, status, finished_at) VALUES ('gipod', 'done', '2026-11-21T10:00:00Z')"
    )
    with quay.service.engine.connect() as conn, conn.begin() as change:
        conn.execute(sa.text(update), {"words": ["Geen doorgang voor voetgangers", "Vraag naar Zonderling"]})
        conn.execute(sa.text(read))
        change.commit()
    after = plain(ask(quay.service, "Kaaistraat").text)
    assert "Voetgangers kunnen hier niet door." in after
    assert "Het verkeer heeft hinder." in after
    assert "Vraag naar" not in after
    assert "Bron: GIPOD, gelezen op za 21 nov" in after


def test_a_street_that_is_misspelt_and_one_of_several(quay: Street) -> None:
    assert titles(ask(quay.service, "Kaaistrat 30"))
    several = ask(quay.service, "dreef 1", taal="en")
    assert re.findall(r'href="(/mijn-straat[^"]*)">(\w+ Dreef)', several.text) == [
        ("/mijn-straat?adres=Oude+Dreef+1&amp;taal=en", "Oude Dreef"),
        ("/mijn-straat?adres=Nieuwe+Dreef+1&amp;taal=en", "Nieuwe Dreef"),
    ]
    assert "Er zijn hier geen werken" in ask(quay.service, "Stille Weg").text
    assert "Dit is te lang." in ask(quay.service, "x" * 101).text
    assert "Wij vinden deze straat niet" in ask(quay.service, "x" * 100).text
    assert "Wij vinden deze straat niet" in ask(quay.service, "Nergensweg").text


def test_it_speaks_english_and_names_the_desk_of_the_city(quay: Street) -> None:
    english = ask(quay.service, "Kaaistraat", taal="en")
    assert "Proximus works here from Thu 3 Dec to Mon 14 Dec" in titles(english)
    for value in CONTACT.values():
        assert f">{value}</a>" in english.text


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_gets_a_kind_answer(quay: Street, typed: str) -> None:
    with quay.service.as_(None) as client:
        raw = typed if typed.startswith("%E") else quote(typed)
        answer = client.get(f"{PATH}?adres=2&adres={raw}&onbekend=1&taal=xx")  # the last one counts
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text or typed == "\x00"
    assert "<script" not in answer.text
    assert "49" not in re.sub(r"/viewer/v-\w+/", "", answer.text)  # the hash of the files may have it


def test_it_may_be_kept_for_a_minute_and_loads_nothing_from_elsewhere(quay: Street) -> None:
    headers = ask(quay.service).headers
    assert headers["Cache-Control"] == "public, max-age=60"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert "set-cookie" not in headers


def test_many_entries_are_counted_not_shown(quay: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo_service.api.public_page.MOST_SHOWN", 2)
    answer = ask(quay.service, "Kaaistraat")
    assert len(titles(answer)) == 2
    assert "En nog 5 andere, later." in answer.text


def test_who_asks_too_much_is_told_to_wait(quay: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo_service.api.public_page.MOST_A_MINUTE", 1)
    ask(quay.service, "Kaaistraat")
    refused = ask(quay.service, "Kaaistraat")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Wacht een minuut" in refused.text
    assert titles(refused) == []


@pytest.mark.browser
def test_on_a_phone_without_script_and_for_axe(quay: Street, browser: Browser) -> None:
    phone: dict[str, Any] = {"locale": "nl-BE", "viewport": {"width": 360, "height": 740}}
    with browser.new_context(java_script_enabled=False, **phone) as context:
        page = context.new_page()
        page.goto(f"{quay.service.url}{PATH}")
        page.get_by_label("Straat en huisnummer").fill("Kaaistraat 30")
        page.get_by_role("button", name="Zoek").click()
        expect(page.get_by_role("heading", name="Kaaistraat 30")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text="Bij uw deur")).to_have_count(4)
    with browser.new_context(bypass_csp=True, **phone) as context:
        page = context.new_page()
        for query in ("", "?adres=Kaaistraat+30", "?adres=dreef", "?adres=Nergensweg", "?taal=en"):
            page.goto(f"{quay.service.url}{PATH}{query}")
            page.evaluate(AXE)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert found["violations"] == [], query
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, query
