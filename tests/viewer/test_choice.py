"""What the answer proposes is done when it is chosen: a repair with its days, its hold or its danger, and the way back within reach."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Page, expect

from tests.accounts.test_walk import violations
from tests.viewer.conftest import sign_in
from tests.viewer.test_live import City, city  # noqa: F401

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
PLAIN_HTTP = """
    delete Crypto.prototype.randomUUID;
    for (const name of ["clipboard", "locks"]) Object.defineProperty(navigator, name, {value: undefined});
"""
"""What a browser does not offer to a page that came over plain http from another machine."""


def repairs_of(city: City) -> dict[str, dict[str, Any]]:  # noqa: F811
    with city.service.as_("workshop") as workshop:
        return {one["number"]: one for one in workshop.get("/api/v1/repairs?limit=1000").json()["items"]}


def open_as(page: Page, city: City, role: str, scenario: int) -> None:  # noqa: F811
    city.check(page, scenario)
    sign_in(page, city.service.url, role)
    expect(city.check(page, scenario)).to_be_visible(timeout=WAIT_MS)


def test_a_foreman_puts_a_defect_on_hold_and_takes_it_back(page: Page, city: City) -> None:  # noqa: F811
    before = repairs_of(city)
    open_as(page, city, "workshop", 1)
    page.locator("[data-choice=wait]").click(timeout=WAIT_MS)
    page.get_by_label("Gebrek").select_option("loose_slab")
    page.get_by_label("Opmerking").fill("Twee tegels los")
    assert violations(page) == []
    page.get_by_role("button", name="Meld en zet in wachtstand").click()
    said = page.get_by_role("status").filter(has_text="staat in wachtstand tot")
    expect(said).to_be_focused(timeout=WAIT_MS)
    [number] = repairs_of(city).keys() - before.keys()
    repair = repairs_of(city)[number]
    assert (repair["category"], repair["description"], repair["scope"], repair["held"]) == ("loose_slab", "Twee tegels los", "section", True)  # fmt: skip
    expect(said.get_by_role("link")).to_have_attribute("href", re.compile(f"^/herstellingen/{number}"))
    said.get_by_role("button", name="Ongedaan").click()
    expect(page.get_by_text(f"{number} is weer ingetrokken.")).to_be_visible(timeout=WAIT_MS)
    assert repairs_of(city)[number]["status"] == "cancelled"


def test_a_stretch_is_reported_as_its_own_ground(page: Page, city: City) -> None:  # noqa: F811
    page.goto(city.service.url)
    sign_in(page, city.service.url, "workshop")
    page.goto(f"{city.service.url}/kaart?toets=Gentsestraat 30-36&omvang=plek")
    expect(page.locator(".where")).to_contain_text("Gentsestraat 30–36", timeout=WAIT_MS)
    page.get_by_role("button", name="Meld dit gebrek").click(timeout=WAIT_MS)
    expect(page.locator(".step-form")).to_have_css("display", "grid")
    page.locator(".camera input").focus()
    expect(page.locator(".camera")).to_have_css("outline-style", "solid")
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/repairs")) as filed:
        page.locator(".step-form").get_by_role("button", name="Meld dit gebrek").click()
    repair = filed.value.json()
    assert (repair["scope"], repair["geometry"]["type"]) == ("area", "Polygon")


def test_what_is_free_gets_its_day_and_danger_is_told_at_once(page: Page, city: City) -> None:  # noqa: F811
    before = repairs_of(city)
    open_as(page, city, "workshop", 4)
    page.locator("[data-choice=repair_now]").click(timeout=WAIT_MS)
    page.get_by_role("button", name="Meld en plan in").click()
    expect(page.get_by_text("is ingepland op")).to_be_visible(timeout=WAIT_MS)
    [planned] = repairs_of(city).keys() - before.keys()
    assert repairs_of(city)[planned]["status"] == "scheduled"
    page.locator("[data-choice=make_safe]").click()
    page.get_by_role("button", name="Meld gevaar").click()
    expect(page.get_by_text("is gemeld als gevaar: maak veilig.")).to_be_visible(timeout=WAIT_MS)
    [danger] = repairs_of(city).keys() - before.keys() - {planned}
    assert repairs_of(city)[danger]["urgency"] == "danger"


def test_danger_is_reported_where_no_footpath_is_known_and_after_the_session_ended(
    page: Page,
    city: City,  # noqa: F811
) -> None:
    before = repairs_of(city)
    page.add_init_script(PLAIN_HTTP)
    open_as(page, city, "workshop", 4)
    lon, lat = city.places[4]["lon"], city.places[4]["lat"] + 0.2
    page.goto(f"{city.service.url}/kaart?toets={lon},{lat}&toestand=gevaar")
    expect(page.locator("[data-verdict=make_safe]")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text("Hier ligt geen gekend voetpad")).to_be_visible()
    page.get_by_role("button", name="Meld gevaar").click()
    page.locator(".step-form").get_by_role("button", name="Meld gevaar").click()
    said = page.get_by_text(re.compile("is gemeld als gevaar|is bewaard op dit toestel"))
    expect(said).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".queue")).to_be_hidden(timeout=WAIT_MS)
    [danger] = repairs_of(city).keys() - before.keys()
    assert repairs_of(city)[danger]["urgency"] == "danger"

    city.check(page, 4)
    expect(page.locator("[data-verdict=repair]")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="kopieer link").click()
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_role("searchbox")).to_have_value(re.compile(f"^{city.service.url}/kaart.toets="))
    page.get_by_role("searchbox").fill("")
    page.request.post(f"{city.service.url}/logout")
    page.get_by_role("radiogroup", name="Toestand").get_by_role("radio", name="Gevaar").check()
    expect(page.locator("[data-verdict=make_safe]")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text("U bent afgemeld").filter(visible=True)).to_be_visible()
    page.get_by_role("button", name="Meld gevaar").click()
    page.locator(".step-form").get_by_role("button", name="Meld gevaar").click()
    expect(page.get_by_text("Uw melding is bewaard op dit toestel")).to_be_focused(timeout=WAIT_MS)


def test_who_only_looks_sees_words_and_what_another_role_must_do_is_no_button(
    page: Page,
    city: City,  # noqa: F811
) -> None:
    expect(city.check(page, 1)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".alternatives li small").first).to_be_visible()
    expect(page.locator("[data-choice]")).to_have_count(0)
    open_as(page, city, "workshop", 1)
    expect(page.locator("[data-choice=wait]")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("[data-choice=repair_anyway], [data-choice=combine]")).to_have_count(0)


def test_a_report_goes_with_its_photo_and_without_what_the_camera_wrote(page: Page, city: City) -> None:  # noqa: F811
    """Where the photo was taken is offered; what is kept holds no place."""
    before = repairs_of(city)
    open_as(page, city, "workshop", 4)
    place = city.places[1]
    page.get_by_role("button", name="Meld dit gebrek").click(timeout=WAIT_MS)
    page.locator(".step-form input[type=file]").set_input_files(photo_taken_at(place["lon"], place["lat"]))
    expect(page.get_by_text("Eén foto gaat mee")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="Gebruik de plaats van de foto").click()
    expect(page).to_have_url(re.compile(f"toets={str(place['lon'])[:6]}"), timeout=WAIT_MS)
    expect(page.locator("[data-verdict=wait]")).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("Opmerking").fill("Put van een halve meter")
    assert violations(page) == []
    page.locator(".step-form").get_by_role("button", name="Meld dit gebrek").click()
    expect(page.get_by_role("status").filter(has_text="staat in wachtstand tot")).to_be_focused(timeout=WAIT_MS)  # fmt: skip
    [number] = repairs_of(city).keys() - before.keys()
    with city.service.engine.connect() as conn:
        kept = "SELECT count(*) FROM photos p JOIN repairs r ON r.id = p.repair_id WHERE 'H-' || r.number = :number"
        assert conn.scalar(sa.text(kept), {"number": number}) == 1

    page.reload()
    expect(page.get_by_text(f"{number} · Put")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".reported")).to_contain_text("is het dezelfde put?")


def test_of_a_stretch_nobody_plans_a_spot(page: Page, city: City) -> None:  # noqa: F811
    """Scenario 8: of the section a spot may be repaired now; of the stretch along its houses nobody knows which."""
    open_as(page, city, "workshop", 8)
    expect(page.locator("[data-choice=spot_only]")).to_be_visible(timeout=WAIT_MS)
    place = page.locator(".place").inner_text().replace("–", "-")
    page.goto(f"{city.service.url}/kaart?toets={place}&kant=even")
    expect(page.locator(".alternatives")).to_contain_text("plek", timeout=WAIT_MS)
    expect(page.locator("[data-choice=spot_only]")).to_have_count(0)


def test_who_stands_before_a_defect_that_is_reported_joins_it(page: Page, city: City) -> None:  # noqa: F811
    open_as(page, city, "workshop", 2)
    reported = page.locator(".reported li").first
    main = reported.get_by_role("link").inner_text(timeout=WAIT_MS).split(" ")[0]
    reported.get_by_role("button", name="Zelfde gebrek: sluit aan").click()
    expect(page.locator(".step-form")).to_contain_text(f"Sluit aan bij {main}")
    page.get_by_label("Opmerking").fill("Ook de boordsteen")
    assert violations(page) == []
    page.locator(".step-form").get_by_role("button", name="Sluit aan", exact=True).click()
    said = page.get_by_role("status").filter(has_text=f"is bij {main} gevoegd")
    expect(said).to_be_visible(timeout=WAIT_MS)
    expect(reported).to_contain_text("2 keer gemeld", timeout=WAIT_MS)
    said.get_by_role("button", name="Ongedaan").click()
    expect(page.get_by_text("is weer ingetrokken.")).to_be_visible(timeout=WAIT_MS)
    expect(reported).not_to_contain_text("keer gemeld", timeout=WAIT_MS)


def photo_taken_at(lon: float, lat: float) -> Any:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: degrees(lat), 3: "E", 4: degrees(lon)})
    content = io.BytesIO()
    Image.new("RGB", (320, 240), "#998877").save(content, "JPEG", exif=exif)
    return {"name": "put.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def degrees(value: float) -> tuple[float, float, float]:
    minutes = (value % 1) * 60
    return (int(value), int(minutes), (minutes % 1) * 60)


def test_what_stands_here_on_other_days_is_said_beside_a_free_answer(page: Page, city: City) -> None:  # noqa: F811
    """The aerial platform of scenario 13 is no reason to wait, but that day nobody works below it."""
    verdict = city.check(page, 13)
    expect(verdict).to_have_attribute("data-verdict", "repair", timeout=WAIT_MS)
    expect(page.locator(".not-on")).to_contain_text(re.compile("^Niet .*: dan staat hier "))
