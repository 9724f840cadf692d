"""The record of works shows its life, and who looks at a street may follow it and stop again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from geo_service.cluster import Cluster
from tests.api.scenario import Street, as_day, day
from tests.serving import Service, running
from tests.viewer.conftest import OpenPage

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
