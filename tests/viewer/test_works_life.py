"""The record of works shows its life, and who looks at a street may follow it and stop again."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from geo_service.cluster import Cluster
from tests.api.scenario import Street, as_day, day
from tests.serving import Service, box, running
from tests.viewer.conftest import OpenPage
from tests.viewer.map_scenes import counts, redrawn, settled

pytestmark = pytest.mark.browser

WAIT_MS = 40_000


@pytest.fixture(scope="module")
def town(cluster: Cluster, template: str) -> Iterator[Service]:
    """A demo without a city that may send e-mail: what is asked for is kept until the morning."""
    name = f"life_{uuid.uuid4().hex[:12]}"
    mail = {"smtp_host": "127.0.0.1", "mail_from": "werken@izegem.example"}
    with running(cluster.create_database(name, template), demo=True, **mail) as service:
        yield service
    cluster.drop_database(name)


def test_works_show_each_change_of_their_days_and_their_conflicts(town: Service, open_as: OpenPage) -> None:
    street = Street(town, 81_000)
    works = street.works((30, 44))
    street.repair()
    [conflict] = street.conflicts(works=works["id"], rule="wasted_repair")
    street.slip(street.slip(works, (40, 54)), (40, 60))
    with town.as_("viewer") as viewer:
        items = viewer.get(f"/api/v1/works/{works['id']}/history").json()["items"]
    assert [(one["field"], one["old_value"], one["new_value"]) for one in items] == [
        ("ends_on", day(54), day(60)), ("ends_on", day(44), day(54)), ("starts_on", day(30), day(40)),
    ]  # fmt: skip
    assert {one["of_phase"] for one in items} == {True}

    page = open_as("viewer", f"/kaart?kies=werk:{works['id']}")
    rows = page.locator("ul.life li")
    expect(rows.first).to_contain_text(conflict["number"], timeout=WAIT_MS)
    life = page.locator("ul.life").last.locator("li")
    expect(life).to_have_count(4)
    last = as_day(day(59)).day
    expect(life.nth(0)).to_contain_text("Laatste dag: ")
    expect(life.nth(0)).to_contain_text(f" {last} ")
    expect(life.nth(2).locator("s")).to_contain_text(str(as_day(day(30)).day))
    expect(life.nth(3)).to_contain_text("Voor het eerst gezien op")


def test_what_is_over_says_when_why_and_what_came_instead(town: Service, open_as: OpenPage) -> None:
    street = Street(town, 81_800)
    works = street.works((30, 44), owner="Fluvius")
    street.repair()
    [conflict] = street.conflicts(works=works["id"], rule="wasted_repair")
    path = f"/api/v1/works/{works['id']}"
    with town.as_("utilities_desk") as desk:
        slipped = street.slip(works, (8000, 8014))
        closed = desk.get(f"/api/v1/conflicts/{conflict['id']}").json()["explanation"]
        assert [one["code"] for one in closed["closure"]["causes"]] == ["works_starts_on", "works_ends_on"]
        assert (closed["disappears_if"], closed["closure"]["successors"]) == ([], [])
        street.slip(slipped, (30, 44))
        assert desk.get(f"/api/v1/conflicts/{conflict['id']}").json()["explanation"]["closure"] is None
        assert desk.delete(path, headers={"If-Match": desk.get(path).headers["ETag"]}).status_code == 204
        gone = desk.get(path)
        assert (gone.status_code, gone.json()["code"], gone.json()["deletion"]["reason"]) == (
            404,
            "not_found",
            "works_deleted",
        )
    instead = street.works((60, 74), owner="Proximus")
    [successor] = street.conflicts(works=instead["id"], rule="wasted_repair")
    with town.as_("partner") as partner:  # of Proximus, and those were of Fluvius
        assert "deletion" not in partner.get(path).json()

    page = open_as("viewer", f"/kaart?kies=conflict:{conflict['number']}")
    end = page.get_by_role("heading", name="Waarom dit voorbij is").locator("xpath=..")
    expect(end).to_contain_text("is ingetrokken.", timeout=WAIT_MS)
    expect(end.get_by_role("link", name=successor["number"])).to_be_visible()
    end.get_by_role("link", name="is ingetrokken").click()
    absent = page.get_by_role("alert").filter(has_text="Dit werk is ingetrokken")
    expect(absent).to_contain_text("Sinds ", timeout=WAIT_MS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Niet meer in de lijsten")


def test_the_map_has_protected_ground_requests_and_holds(town: Service, open_as: OpenPage) -> None:
    """Each as a layer that is off at first and fetched when it is on; the week decides over all of them, a click opens what is behind."""
    street = Street(town, 82_600)
    works = street.works((30, 44))
    street.repair()
    laid = street.complete(street.repair(along=(60, 95)), -1)
    with town.as_("coordinator") as desk:
        assert desk.post("/api/v1/requests", json={"works": works["id"]}).status_code == 201
    lon, lat = box(street.x + 77, 0.5, street.x + 79, 1.5)["coordinates"][0][0]
    layers = {"Sperperiode": "1", "Vraag aan nutsbedrijf": "1", "Wachtstand": "1"}

    page = open_as("coordinator", f"/kaart?c={lon},{lat}&z=17.2&lagen=sper,wacht")
    settled(page)
    assert {name: counts(page)[name] for name in layers} == {**layers, "Vraag aan nutsbedrijf": ""}
    with redrawn(page):
        page.locator(".legend > label", has_text="Vraag").locator("input").check()
    expect(page).to_have_url(re.compile("lagen=sper,vraag,wacht"))
    assert {name: counts(page)[name] for name in layers} == layers
    page.locator(".maplibregl-canvas").press("Enter")
    expect(page).to_have_url(re.compile(f"kies=herstelling:{laid['id']}"), timeout=WAIT_MS)

    page.goto(f"{town.url}/kaart?c={lon},{lat}&z=17.2&lagen=sper,vraag,wacht&week={day(300)}")
    settled(page)
    assert {name: counts(page)[name] for name in layers} == dict.fromkeys(layers, "0") | {"Sperperiode": "1"}


def test_a_street_is_followed_and_let_go(town: Service, open_as: OpenPage) -> None:
    street = Street(town, 81_400)
    with town.engine.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO buildings (source, source_id, street, house_number, geom) "
            f"VALUES ('test', 'life', 'Gentsestraat', '8', ST_MakeEnvelope({80_000 + street.x + 5}, {190_000 - 6}, {80_000 + street.x + 15}, {190_000 - 1}, 31370))"
        )
        building = conn.exec_driver_sql("SELECT id FROM buildings WHERE source_id = 'life'").scalar_one()
    page = open_as("coordinator", f"/kaart?kies=gebouw:{building}")

    def own() -> list[list[str]]:
        items = page.request.get(f"{town.url}/api/v1/subscriptions").json()["items"]
        return [one["filter"].get("streets") for one in items if one["personal"]]

    page.get_by_role("button", name="Verwittig mij over Gentsestraat").click(timeout=WAIT_MS)
    undo = page.get_by_role("button", name="Ongedaan maken: geen mails over deze straat")
    expect(undo).to_be_visible(timeout=WAIT_MS)
    assert own() == [["Gentsestraat"]]
    undo.click()
    expect(page.get_by_role("button", name="Verwittig mij over Gentsestraat")).to_be_enabled(timeout=WAIT_MS)
    assert own() == []
