"""A dead zone: the page, the list of the day and its map stay, what a crew does is kept and done once, and nothing of a person stays behind."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from geo_service.api import viewer_pages
from geo_service.cluster import Cluster
from geo_service.postgres import free_port
from tests.accounts.test_walk import violations
from tests.api.scenario import Street, day
from tests.serving import STREET, Service, point, running
from tests.viewer.conftest import build_houses, sign_in

pytestmark = pytest.mark.browser

WAIT_MS = 90_000
_places = itertools.count()


class Town:
    """A demo without a city, which goes and comes back."""

    def __init__(self, database_url: str) -> None:
        self.service: Service
        self._settings: dict[str, Any] = {"demo": True, "port": free_port()}
        self._database_url = database_url
        self._open: AbstractContextManager[Service] | None = None

    def start(self) -> None:
        if not self._open:
            self._open = running(self._database_url, **self._settings)
            self.service = self._open.__enter__()

    def stop(self) -> None:
        if self._open:
            self._open.__exit__(None, None, None)
            self._open = None


@pytest.fixture(scope="module")
def place(cluster: Cluster, template: str) -> Iterator[Town]:
    name = f"offline_{uuid.uuid4().hex[:12]}"
    town = Town(cluster.create_database(name, template))
    town.start()
    yield town
    town.stop()
    cluster.drop_database(name)


@pytest.fixture
def street(place: Town) -> Street:
    place.start()
    street = Street(place.service, 70_000 + 200.0 * next(_places))
    build_houses(street)
    return street


Phone = Callable[..., BrowserContext]


@pytest.fixture
def phone(browser: Browser, tmp_path: Path) -> Iterator[Phone]:
    """A phone, which can be switched off and on again: what it stored is still there."""
    open_ones: list[BrowserContext] = []

    def switch_on(width: int = 390) -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "phone"),
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
            locale="nl-BE",
            viewport={"width": width, "height": 844},
        )
        open_ones.append(context)
        return context

    yield switch_on
    for context in open_ones:
        context.close()


def job(page: Page, repair: dict[str, Any]) -> Locator:
    return page.locator(f'li.job[data-repair="{repair["number"]}"]')


def stored(street: Street, repair: dict[str, Any]) -> dict[str, Any]:
    with street.service.as_("workshop") as workshop:
        return dict(workshop.get(f"/api/v1/repairs/{repair['id']}").json())


def photos(street: Street, repair: dict[str, Any]) -> int:
    with street.service.engine.connect() as conn:
        count = sa.text("SELECT count(*) FROM photos WHERE repair_id = :id")
        return int(conn.execute(count, {"id": repair["id"]}).scalar_one())


def picture() -> dict[str, Any]:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "#8899aa").save(content, "JPEG")
    return {"name": "put.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def planned(street: Street, **fields: Any) -> dict[str, Any]:
    repair = street.repair(scope="spot", along=(5, 6), **fields)
    assert street.schedule(repair, (0, 1)).status_code == 200
    return repair


def until(page: Page, script: str) -> None:
    """Wait until the page answers with true (`wait_for_function` would need `eval`)."""
    end = time.monotonic() + WAIT_MS / 1000
    while not page.evaluate(script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(200)


def open_list(context: BrowserContext, street: Street, role: str = "workshop") -> Page:
    """The list of the day, once the phone holds what it needs without network."""
    page = context.new_page()
    sign_in(page, street.service.url, role)
    page.goto(f"{street.service.url}/herstellingen")
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, TAKEN)
    return page


EMPTY = """new Promise(resolve => indexedDB.open('geo-service').onsuccess = event => {
    const count = event.target.result.transaction('outbox').objectStore('outbox').count();
    count.onsuccess = () => resolve(count.result === 0);
})"""
"""Whether nothing waits on the phone."""
TAKEN = "caches.open('tiles').then(c => c.keys()).then(keys => keys.length > 3)"
"""The tiles are what a phone takes along last."""


def start_offline(context: BrowserContext, street: Street, repair: dict[str, Any]) -> Page:
    page = open_list(context, street)
    context.set_offline(True)
    job(page, repair).get_by_role("button", name="Start").click()
    expect(job(page, repair).locator(".waiting .entry")).to_have_count(1, timeout=WAIT_MS)
    return page


def finish(card: Locator, cost: str) -> None:
    card.get_by_role("button", name="Klaar", exact=True).click()
    card.get_by_label("Kost in euro").fill(cost)
    card.get_by_role("button", name="Meld klaar").click()


@pytest.mark.parametrize("how", ["network", "server"])
def test_start_photo_and_finish_are_kept_without_network_and_done_once(
    place: Town, street: Street, phone: Phone, how: str
) -> None:
    repair = planned(street)
    context = phone()
    page = open_list(context, street)
    if how == "server":
        place.stop()
    else:
        context.set_offline(True)
    card = job(page, repair)
    card.get_by_role("button", name="Start").click()
    expect(card.locator(".waiting .entry")).to_have_count(1, timeout=WAIT_MS)
    card.locator("input[type=file]").set_input_files(picture())  # type: ignore[arg-type]
    expect(card.locator(".waiting .entry")).to_have_count(2, timeout=WAIT_MS)
    card.get_by_label("Kost in euro").fill("140")
    card.get_by_role("button", name="Meld klaar").click()
    expect(card.locator(".waiting .entry")).to_have_count(3, timeout=WAIT_MS)
    expect(card.get_by_role("button", name="Start")).to_have_count(0)
    expect(page.get_by_text("3 acties wachten.")).to_be_visible()
    assert violations(page) == []
    place.start()
    context.set_offline(False)
    expect(job(page, repair)).to_have_count(0, timeout=WAIT_MS)
    done = stored(street, repair)
    assert (done["status"], done["finished_on"], done["cost_eur"]) == ("done", day(0), 140)
    assert photos(street, repair) == 1
    expect(page.locator(".queue")).to_be_hidden()


def test_a_phone_that_dies_in_a_dead_zone_still_has_its_list_its_map_and_what_was_done(
    place: Town, street: Street, phone: Phone
) -> None:
    repair = planned(street)
    context = phone()
    start_offline(context, street, repair)
    context.close()
    place.stop()
    page = phone().new_page()
    page.goto(f"{street.service.url}/herstellingen")
    card = job(page, repair)
    expect(card.locator(".waiting .entry")).to_contain_text("Start", timeout=WAIT_MS)
    expect(page.get_by_text("U ziet de lijst van")).to_be_visible()
    expect(page.locator(".bar .fresh")).to_contain_text("De dienst antwoordt niet sinds")
    card.get_by_role("link", name="Gentsestraat").click()
    expect(page.locator("[data-verdict]")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".kaart .loading")).to_be_hidden(timeout=WAIT_MS)
    expect(page.locator(".maplibregl-canvas")).to_be_visible()
    place.start()
    until(page, EMPTY)
    assert stored(street, repair)["status"] == "in_progress"
    expect(page.locator(".bar .fresh")).not_to_contain_text("De dienst antwoordt niet", timeout=WAIT_MS)


def test_what_the_service_did_while_the_line_broke_is_not_done_again(street: Street, phone: Phone) -> None:
    repair = planned(street)
    page = open_list(phone(), street)
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route(f"**/api/v1/repairs/{repair['id']}", lambda route: lose(route) if route.request.method == "PATCH" else route.fallback())  # fmt: skip
    job(page, repair).get_by_role("button", name="Start").click()
    expect(job(page, repair).get_by_role("button", name="Klaar", exact=True)).to_be_visible(timeout=WAIT_MS)
    expect(job(page, repair).locator(".waiting .entry")).to_have_count(0, timeout=WAIT_MS)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert stored(street, repair)["version"] == repair_version(street, repair, "in_progress")


def repair_version(street: Street, repair: dict[str, Any], status: str) -> int:
    """The version with which a repair came into this state, by the audit trail: once."""
    now = stored(street, repair)
    assert now["status"] == status
    return int(now["version"])


def change(street: Street, repair: dict[str, Any], **fields: Any) -> None:
    """Somebody else changes a repair at a desk."""
    version = stored(street, repair)["version"]
    with street.service.as_("coordinator") as desk:
        answer = desk.patch(f"/api/v1/repairs/{repair['id']}", json=fields, headers={"If-Match": f'"{version}"'})  # fmt: skip
    assert answer.status_code == 200, answer.text


def test_who_was_changed_meanwhile_sees_both_versions_and_chooses(street: Street, phone: Phone) -> None:
    repair = planned(street)
    context = phone()
    page = start_offline(context, street, repair)
    card = job(page, repair)
    finish(card, "75")
    expect(card.locator(".waiting .entry")).to_have_count(2, timeout=WAIT_MS)
    change(street, repair, description="Boomwortel eronder: bel groendienst")
    context.set_offline(False)
    choice = card.get_by_role("alert")
    expect(choice).to_contain_text("Start", timeout=WAIT_MS)
    remark = choice.locator("[data-field=description]")
    expect(remark).to_contain_text("Boomwortel eronder")
    expect(choice.locator("[data-field=status]")).to_contain_text("Bezig")
    expect(choice.locator("[data-field=status]")).to_contain_text("Ingepland")
    assert violations(page) == []
    assert stored(street, repair)["status"] == "scheduled"
    choice.get_by_role("button", name="Stuur toch de mijne").click()
    expect(card).to_have_count(0, timeout=WAIT_MS)
    done = stored(street, repair)
    assert (done["status"], done["cost_eur"], done["description"]) == ("done", 75, "Boomwortel eronder: bel groendienst")  # fmt: skip


def test_what_somebody_else_finished_is_said_and_dropped(street: Street, phone: Phone) -> None:
    repair = planned(street)
    context = phone()
    page = start_offline(context, street, repair)
    finished = {"finished_on": day(0), "scope": "spot", "cost_eur": 20}
    with street.service.as_("coordinator") as desk:
        assert desk.post(f"/api/v1/repairs/{repair['id']}/complete", json=finished).status_code == 200
    context.set_offline(False)
    note = page.locator(".queue")
    expect(note).to_contain_text("Eén actie kon niet", timeout=WAIT_MS)
    choice = page.get_by_role("alert").filter(has_text="niet aanvaard")
    expect(choice.locator("[data-field=status]")).to_contain_text("Hersteld")
    expect(choice.get_by_role("button", name="Stuur toch de mijne")).to_have_count(0)
    choice.get_by_role("button", name="Laat mijn actie vallen").click()
    expect(note).to_be_hidden()
    assert stored(street, repair)["cost_eur"] == 20


def test_a_session_that_ends_keeps_the_queue_until_its_person_signs_in_again(
    street: Street, phone: Phone
) -> None:
    repair = planned(street)
    context = phone()
    page = start_offline(context, street, repair)
    with street.service.engine.begin() as conn:
        conn.execute(sa.text("DELETE FROM sessions"))
    context.set_offline(False)
    expect(page.locator(".queue")).to_contain_text("vertrekken zodra u zich weer aanmeldt", timeout=WAIT_MS)
    assert stored(street, repair)["status"] == "scheduled"
    other = context.new_page()
    sign_in(other, street.service.url, "coordinator")
    other.goto(f"{street.service.url}/kaart")
    expect(other.locator(".queue")).to_contain_text("van iemand anders", timeout=WAIT_MS)
    assert stored(street, repair)["status"] == "scheduled"
    sign_in(other, street.service.url, "workshop")
    other.goto(f"{street.service.url}/herstellingen")
    expect(job(other, repair).get_by_role("button", name="Klaar", exact=True)).to_be_visible(timeout=WAIT_MS)
    expect(job(other, repair).locator(".waiting .entry")).to_have_count(0, timeout=WAIT_MS)
    expect(other.locator(".queue")).to_be_hidden(timeout=WAIT_MS)
    assert stored(street, repair)["status"] == "in_progress"


KEPT = "Promise.all(['kept', 'tiles'].map(n => caches.has(n))).then(all => all.some(Boolean))"


def test_who_signs_out_leaves_nothing_behind_and_throws_nothing_away_unasked(
    place: Town, street: Street, phone: Phone
) -> None:
    repair = planned(street)
    context = phone()
    page = start_offline(context, street, repair)
    page.get_by_role("button", name="Meld af").click()
    dialog = page.get_by_role("dialog", name="Meld af")
    expect(dialog).to_contain_text("Er wacht nog één actie")
    assert violations(page) == []
    dialog.get_by_role("button", name="Blijf aangemeld").click()
    expect(job(page, repair).locator(".waiting .entry")).to_have_count(1)
    page.get_by_role("button", name="Meld af").click()
    dialog.get_by_role("button", name="Meld af en gooi weg").click()
    expect(page.get_by_text("Uw gegevens zijn van dit toestel gewist.")).to_be_visible()
    assert page.evaluate(KEPT) is False
    context.set_offline(False)
    page.wait_for_url("**/login?uit=1", timeout=WAIT_MS)
    place.stop()
    page.goto(f"{street.service.url}/herstellingen")
    expect(page.locator(".bar .fresh")).to_contain_text("De dienst antwoordt niet", timeout=WAIT_MS)
    expect(page.locator("li.job")).to_have_count(0)
    expect(page.locator(".queue")).to_be_hidden()
    place.start()


def test_what_was_kept_for_one_person_is_not_there_for_the_next(street: Street, phone: Phone) -> None:
    planned(street)
    page = open_list(phone(), street)
    assert (
        page.evaluate("caches.match('/api/v1/worklist?limit=1000', {ignoreVary: true}).then(Boolean)") is True
    )
    sign_in(page, street.service.url, "viewer")
    page.goto(f"{street.service.url}/kaart")
    until(
        page,
        "caches.match('/api/v1/me', {ignoreVary: true}).then(r => r.json()).then(me => me.role === 'viewer')",
    )
    assert (
        page.evaluate("caches.match('/api/v1/worklist?limit=1000', {ignoreVary: true}).then(Boolean)")
        is False
    )


def test_after_an_upgrade_nothing_of_the_old_version_is_served(
    place: Town, street: Street, phone: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(street)
    page = open_list(phone(), street)
    [old] = page.evaluate("caches.keys().then(all => all.filter(n => n.startsWith('shell-')))")
    copy = tmp_path / "viewer"
    shutil.copytree(viewer_pages.VIEWER, copy)
    texts = copy / "locales" / "nl.json"
    texts.write_text(texts.read_text("utf-8").replace('"Werken & herstellingen', '"Nieuwe werken & herstellingen'), "utf-8")  # fmt: skip
    place.stop()
    monkeypatch.setattr(viewer_pages, "VIEWER", copy)
    place.start()
    page.reload()
    expect(page).to_have_title(re.compile("Nieuwe werken"), timeout=WAIT_MS)
    until(page, f"caches.keys().then(all => !all.includes('{old}') && all.some(n => n.startsWith('shell-')))")
    place.stop()
    page.reload()
    expect(page).to_have_title(re.compile("Nieuwe werken"), timeout=WAIT_MS)
    expect(page.locator("li.job").first).to_be_visible(timeout=WAIT_MS)
    monkeypatch.undo()
    place.start()


def test_the_page_can_be_installed(street: Street, phone: Phone) -> None:
    planned(street)
    page = open_list(phone(), street)
    client = page.context.new_cdp_session(page)
    assert client.send("Page.getAppManifest")["errors"] == []
    problems = client.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in problems if one["errorId"] != "in-incognito"] == []


def test_danger_is_made_safe_and_reported_where_nobody_answers(street: Street, phone: Phone) -> None:
    planned(street)
    context = phone()
    page = open_list(context, street)
    lon, lat = point(street.x + 30, 1)["coordinates"]
    context.set_offline(True)
    page.goto(f"{street.service.url}/kaart?toets={lon},{lat}&toestand=gevaar")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "make_safe", timeout=WAIT_MS)
    page.get_by_role("button", name="Meld gevaar").click()
    form = page.locator(".step-form:visible")
    form.locator("input[type=file]").set_input_files(picture())  # type: ignore[arg-type]
    expect(page.get_by_text("Eén foto gaat mee")).to_be_visible(timeout=WAIT_MS)
    form.get_by_label("Opmerking").fill(f"Diepe put {street.x}")
    form.get_by_role("button", name="Meld gevaar").click()
    expect(page.get_by_text("Uw melding is bewaard op dit toestel")).to_be_focused(timeout=WAIT_MS)
    assert violations(page) == []
    context.set_offline(False)
    until(page, EMPTY)
    with street.service.as_("workshop") as workshop:
        [report] = workshop.get("/api/v1/repairs", params={"q": f"Diepe put {street.x}"}).json()["items"]
    assert (report["urgency"], photos(street, report)) == ("danger", 1)


def test_the_last_answer_of_a_place_stays_as_provisional(place: Town, street: Street, phone: Phone) -> None:
    planned(street)
    with street.service.engine.begin() as conn:  # where no footpath is known, nothing is answered
        lay = "INSERT INTO pavement_sections (source, code, kind, geom) VALUES ('test', 'V-1', 'footpath', ST_MakeEnvelope(:x, :y, :x + 40, :y + 2, 31370))"
        conn.execute(sa.text(lay), {"x": STREET[0] + street.x, "y": STREET[1]})
    street.works((30, 44))
    page = open_list(phone(), street)
    lon, lat = point(street.x + 10, 1)["coordinates"]
    address = f"{street.service.url}/kaart?toets={lon},{lat}"
    page.goto(address)
    expect(page.locator("[data-verdict=wait]")).to_be_visible(timeout=WAIT_MS)
    place.stop()
    page.goto(address)
    expect(page.locator("[data-verdict=wait]")).to_contain_text("Voorlopig: Wacht", timeout=WAIT_MS)
    expect(page.locator(".checked")).to_contain_text("Getoetst")
    place.start()
    expect(page.locator("[data-verdict=wait]")).not_to_contain_text("Voorlopig", timeout=WAIT_MS)
