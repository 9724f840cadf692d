"""Who opens a record that may have got a new id sees which one it is now, and what it was called before."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo_service import settings
from geo_service.cluster import Cluster
from geo_service.intake.importer import run_import
from tests.serving import TODAY, Service, box, running

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
MAPPING = """
about = "test"
source = "renewals"
target = "repairs"
[fields]
id = { from = ["id"] }
owner = { from = ["owner"] }
starts_on = { from = ["from"] }
ends_on = { from = ["to"] }
remark = { from = ["remark"] }
[[latest]]
pattern = "niet uit te stellen"
day = "planned_end"
"""


@pytest.fixture
def service(cluster: Cluster, template: str) -> Iterator[Service]:
    """A city of its own, whose page needs no login."""
    name = f"viewer_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template=template)
    try:
        with running(url, demo=True) as found:
            yield found
    finally:
        cluster.drop_database(name)


def take_in(service: Service, folder: Path, id_: str, month: int) -> None:
    mapping, file = folder / "renewals.toml", folder / "list.geojson"
    mapping.write_text(MAPPING, encoding="utf-8")
    told = {"id": id_, "owner": "Stad Izegem", "remark": "niet uit te stellen"}
    days = {"from": f"2027-{month:02}-01", "to": f"2027-{month:02}-20"}
    feature = {"type": "Feature", "geometry": box(0, 0, 20, 2), "properties": told | days}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    run_import(service.engine, settings.load(), "repairs", str(file), mapping=str(mapping), today=TODAY)


def test_a_repair_shows_which_one_it_probably_is_now(service: Service, page: Page, tmp_path: Path) -> None:
    take_in(service, tmp_path, "R-1", 1)
    take_in(service, tmp_path, "R-82", 2)
    with service.as_("utilities_desk") as desk:
        [pair] = desk.get("/api/v1/renumberings").json()["items"]

        page.goto(f"{service.url}/kaart?kies=herstelling:{pair['old_id']}")
        facts = page.locator("dl.facts")
        expect(facts).to_contain_text("Wellicht hernummerd naarR-82 31 dagen later", timeout=WAIT_MS)
        expect(facts).to_contain_text("Opmerkingniet uit te stellen")
        expect(facts).to_contain_text("Uiterste dag")
        facts.get_by_role("link", name="R-82").click()
        expect(facts).to_contain_text("Wellicht hernummerd vanR-1", timeout=WAIT_MS)

        desk.post("/api/v1/renumberings/confirm", json={"source": "renewals"})
    page.goto(f"{service.url}/kaart?kies=herstelling:{pair['old_id']}")
    expect(facts).to_contain_text("Vroegere nummersR-1", timeout=WAIT_MS)
    expect(facts).not_to_contain_text("Wellicht")
