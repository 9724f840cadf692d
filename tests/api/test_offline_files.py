"""What a browser takes along to work without network: the worker of this version, the page without its data, a manifest with its icons."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from tests.api.scenario import Street, day
from tests.serving import STREET, Service


@pytest.fixture
def anybody(service: Service) -> Iterator[httpx.Client]:
    with service.as_(None) as client:
        yield client


def build(anybody: httpx.Client) -> dict[str, list[str]]:
    script = anybody.get("/worker.js").text
    found = re.search(r"const BUILD = /\*\*.*?\*/ \((\{.*?\})\);", script)
    assert found
    files: dict[str, list[str]] = json.loads(found[1])
    return files


def test_the_worker_keeps_files_of_its_version_only_and_each_of_them_is_there(anybody: httpx.Client) -> None:
    """Under addresses that never change, as a worker is another one as soon as any file is."""
    one = build(anybody)
    assert {name.split("/")[2] for name in one["files"]} == {f"v-{one['version']}"}
    names = {name.partition(f"v-{one['version']}/")[2] for name in one["files"]}
    assert {
        "static/js/main.js",
        "locales/nl.json",
        "static/css/repairs.css",
        "static/js/map/live.js",
    } <= names
    assert not [name for name in names if "swagger" in name or "worker/" in name or name.endswith(".txt")]
    for name in one["files"]:
        answer = anybody.get(name)
        assert (answer.status_code, "immutable" in answer.headers["Cache-Control"]) == (200, True), name


def test_the_worker_is_asked_for_again_and_may_reach_this_host_only(anybody: httpx.Client) -> None:
    headers = anybody.get("/worker.js").headers
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Type"].startswith("text/javascript")
    assert (
        headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
    )


def test_the_page_that_is_kept_is_of_the_same_version_and_holds_no_data(anybody: httpx.Client) -> None:
    page = anybody.get("/viewer/page")
    assert page.status_code == 200
    assert set(re.findall(r"/viewer/v-(\w+)/", page.text)) == {build(anybody)["version"]}
    assert "worker-src 'self'; manifest-src 'self'" in page.text


def test_the_manifest_names_icons_that_are_there(anybody: httpx.Client) -> None:
    address = re.findall(r'rel="manifest" href="([^"]+)"', anybody.get("/viewer/page").text)[0]
    answer = anybody.get(address)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["id"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    for icon in manifest["icons"]:
        assert anybody.get(str(httpx.URL(address).join(icon["src"]))).headers["Content-Type"] == "image/png"


def test_a_repair_is_finished_upon_the_version_that_was_read(service: Service) -> None:
    repair = Street(service, 61_000).repair(scope="spot", along=(5, 6))
    path, body = f"/api/v1/repairs/{repair['id']}", {"finished_on": day(0), "scope": "spot"}
    with service.as_("workshop") as workshop:
        version = workshop.get(path).headers["ETag"]
        changed = workshop.patch(path, json={"description": "Toch groter"}, headers={"If-Match": version})
        assert changed.status_code == 200
        late = workshop.post(f"{path}/complete", json=body, headers={"If-Match": version})
        assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")
        for odd in ("*", ""):
            assert workshop.post(f"{path}/complete", json=body, headers={"If-Match": odd}).status_code == 428
        now = workshop.post(f"{path}/complete", json=body, headers={"If-Match": changed.headers["ETag"]})
        assert (now.status_code, now.json()["status"]) == (200, "done")


def test_what_is_reported_at_a_place_is_told_with_its_answer(service: Service) -> None:
    """On the same section within 25 m; not on the other side of the street, not further on, not once it is repaired."""
    street = Street(service, 62_000)
    section = "INSERT INTO pavement_sections (source, code, kind, geom) VALUES ('test', 'V-62', 'footpath', ST_MakeEnvelope(:west, :south, :west + 100, :south + 2, 31370))"
    with service.engine.begin() as conn:
        conn.execute(sa.text(section), {"west": STREET[0] + street.x, "south": STREET[1]})
    here, near = (street.repair(scope="spot", along=(at, at + 1)) for at in (10, 25))
    other_side = street.repair(scope="spot", along=(10, 11), across=(10, 12))
    far, done = (street.repair(scope="spot", along=(at, at + 1)) for at in (60, 12))
    street.complete(done, 0, "spot")
    with service.as_("workshop") as workshop:
        asked = {"geometry": here["geometry"], "scope": "spot", "category": "pothole", "urgency": "normal"}
        reported = workshop.post("/api/v1/advice", json=asked).json()["reported"]
    assert [(one["number"], one["distance_m"]) for one in reported] == [
        (here["number"], 0),
        (near["number"], 14),
    ]
    assert {other_side["number"], far["number"], done["number"]}.isdisjoint(one["number"] for one in reported)
