"""What a phone keeps: for its person only, until that person signs out, of one version, as an installed page and for a place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from geo_service.api import viewer_pages
from tests.accounts.test_walk import violations
from tests.api.scenario import Street
from tests.serving import STREET, point
from tests.viewer.conftest import sign_in
from tests.viewer.offline_scenes import (
    EMPTY,
    WAIT_MS,
    Phone,
    Town,
    job,
    open_list,
    phone,
    photos,
    picture,
    place,
    planned,
    start_offline,
    street,
    until,
)

__all__ = ["phone", "place", "street"]  # fixtures

pytestmark = pytest.mark.browser

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
