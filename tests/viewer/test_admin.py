"""Beheer: sources with their age and rejected rows, people, keys that are shown once, the trail, settings, and what a new city lacks."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from tests.accounts.test_walk import violations
from tests.api.scenario import Street
from tests.serving import Service
from tests.viewer.conftest import OpenPage

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
READ_MS = 90_000
"""A file is read in a process of its own."""
PARTS = {
    "bronnen": "Bronnen",
    "inlezen": "Inlezen",
    "abonnementen": "Abonnementen",
    "gebruikers": "Gebruikers",
    "sleutels": "Sleutels",
    "logboek": "Logboek",
    "instellingen": "Instellingen",
    "start": "Eerste dag",
}


@pytest.fixture(scope="module")
def feeds(town: Service) -> Service:
    """A feed that is six days old and left out two rows, and works that should have begun."""
    with town.engine.begin() as conn:
        report = '{"read": 40, "created": 3, "changed": 2, "unchanged": 33, "rejected": 2}'
        import_id = conn.scalar(sa.text("INSERT INTO imports (source, origin, status, started_at, finished_at, report) VALUES ('gipod', 'geo.api', 'done', now() - interval '9 hours', now() - interval '9 hours', CAST(:report AS jsonb)) RETURNING id"), {"report": report})  # fmt: skip
        rows = [{"import_id": import_id, "row": n, "id": f"12350{n}", "code": "no_geometry", "message": "has no geometry"} for n in (7, 19)]  # fmt: skip
        conn.execute(sa.text("INSERT INTO import_rejections (import_id, row, record_id, code, field, message) VALUES (:import_id, :row, :id, :code, 'geometry', :message)"), rows)  # fmt: skip
    Street(town, 70_000).works((-20, 14), title="Vernieuwen waterleiding")
    return town


MIDDLES = "links => new Set(links.map((link) => { const box = link.getBoundingClientRect(); return Math.round(box.top + box.height / 2); })).size"
"""On how many lines the tabs stand."""


def opened(page: Page) -> Page:
    expect(page.locator(".admin-part").first).to_be_visible(timeout=WAIT_MS)
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_right_to_axe_and_fits(feeds: Service, open_as: OpenPage, part: str, width: int) -> None:
    page = opened(open_as("admin", f"/beheer/{part}", width))
    expect(page.get_by_role("heading", level=1)).to_have_text(PARTS[part])
    assert page.title().startswith(PARTS[part])
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".tabs a:visible").evaluate_all(MIDDLES) == 1
    here = page.locator(".tabs [aria-current]").bounding_box()
    assert here is not None
    assert 0 <= here["x"] <= width - here["width"]


def test_a_source_is_measured_against_its_interval_and_opens_what_it_left_out(feeds: Service, open_as: OpenPage) -> None:  # fmt: skip
    page = opened(open_as("utilities_desk", "/beheer/bronnen"))
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile("GIPOD ouder")))
    expect(row).to_contain_text("9 u", timeout=WAIT_MS)
    expect(row).to_contain_text("elke 6 u")
    widths = row.locator(".age i").evaluate_all("bars => bars.map((bar) => parseFloat(bar.style.width))")
    assert widths == pytest.approx([50, 25], abs=1.5)
    expect(page.get_by_text("De oudste waarheid op uw scherm is 9 u (GIPOD).")).to_be_visible()

    expect(page.get_by_role("row").filter(has_text="geo.api")).to_contain_text("GIPOD geo.api")
    left_out = row.get_by_role("link", name=re.compile("geweigerde rijen"))
    left_out.focus()
    with page.expect_response("**/api/v1/status"):
        page.evaluate("document.activeElement.dataset.mark = 'old'; dispatchEvent(new Event('online'))")
    expect(left_out).not_to_have_attribute("data-mark", "old", timeout=WAIT_MS)  # the table is drawn anew
    expect(left_out).to_be_focused()
    left_out.click()
    table = page.get_by_role("table", name="Geweigerde rijen")
    expect(table.get_by_role("row")).to_have_count(3, timeout=WAIT_MS)
    expect(table.get_by_role("row").nth(1)).to_contain_text("123507")
    with page.expect_download() as file:
        page.get_by_role("link", name="Alle rijen als CSV").click()
    assert "123507" in file.value.path().read_text(encoding="utf-8")


def test_silent_works_are_named_with_who_to_ask(feeds: Service, open_as: OpenPage) -> None:
    page = opened(open_as("workshop", "/beheer/bronnen"))
    row = page.get_by_role("table", name="Stille werven").get_by_role("row").filter(has_text="waterleiding")
    expect(row).to_contain_text("Proximus", timeout=WAIT_MS)
    expect(row).to_contain_text("20 dagen")
    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile("kies=werk"), timeout=WAIT_MS)


def test_a_key_is_shown_once_works_and_is_revoked(town: Service, open_as: OpenPage) -> None:
    page = opened(open_as("admin", "/beheer/sleutels"))
    page.get_by_text("Maak een sleutel").click()
    page.get_by_label("Naam").fill("dashboard nutsen")
    page.get_by_label("Rol", exact=True).select_option("viewer")
    page.get_by_label("werken lezen", exact=True).check()
    expect(page.get_by_label("alles van de rol")).not_to_be_checked()
    page.get_by_role("button", name="Maak sleutel").click()
    secret = page.locator(".once input")
    expect(secret).to_be_visible(timeout=WAIT_MS)
    key = secret.input_value()

    def status(path: str) -> int:
        return page.request.get(
            f"{town.url}/api/v1/{path}", headers={"Authorization": f"Bearer {key}"}
        ).status

    assert (key[:3], status("works"), status("conflicts")) == ("gs_", 200, 403)
    assert violations(page) == []
    page.evaluate(
        "navigator.clipboard.writeText = () => Promise.reject(); document.execCommand = () => false"
    )
    page.get_by_role("button", name="Kopieer", exact=True).click()
    expect(page.get_by_role("button", name="Kopiëren lukt niet")).to_be_visible()
    page.get_by_role("button", name="Ik heb het bewaard").click()
    row = page.get_by_role("row").filter(has_text="dashboard nutsen")
    expect(row).to_contain_text("werken lezen")
    assert key not in page.content()
    row.get_by_role("button", name="Trek in").click()
    assert status("works") == 200
    row.get_by_role("button", name="Ja, deze werkt dan niet meer").click()
    expect(page.get_by_text("De sleutel van dashboard nutsen werkt niet meer.")).to_be_focused(
        timeout=WAIT_MS
    )
    assert status("works") == 401


def test_somebody_is_added_gets_another_role_and_is_disabled(town: Service, open_as: OpenPage) -> None:
    page = opened(open_as("admin", "/beheer/gebruikers"))
    page.get_by_text("Voeg iemand toe").click()
    page.get_by_label("Naam", exact=True).fill("Els Vandenbroucke")
    page.get_by_label("E-mailadres").fill("els.vdb.example.org")
    page.evaluate("document.querySelector('.admin-form').noValidate = true")
    page.get_by_role("button", name="Voeg toe en maak een link").click()
    expect(page.get_by_label("E-mailadres")).to_have_attribute("aria-invalid", "true", timeout=WAIT_MS)
    expect(page.get_by_label("Naam", exact=True)).to_have_value("Els Vandenbroucke")
    page.get_by_label("E-mailadres").fill("els.vdb@example.org")
    page.get_by_role("button", name="Voeg toe en maak een link").click()
    expect(page.locator(".once input")).to_have_value(re.compile("^http"), timeout=WAIT_MS)
    page.get_by_role("button", name="Ik heb het bewaard").click()

    row = page.get_by_role("row").filter(has_text="Els Vandenbroucke")
    expect(row.get_by_text("mag ingaan tegen werken")).to_have_count(0)
    row.get_by_label("Rol van Els Vandenbroucke").select_option("workshop")
    row.get_by_label("Rol van Els Vandenbroucke").select_option("coordinator")
    row.get_by_role("button", name="Geef deze rol").click()
    expect(page.get_by_text("Els Vandenbroucke is nu Coördinator")).to_be_focused(timeout=WAIT_MS)
    expect(row.get_by_text("mag ingaan tegen werken")).to_be_visible()
    row.get_by_role("button", name="Blokkeer").click()
    row.get_by_role("button", name=re.compile("^Ja, Els")).click()
    expect(row).to_contain_text("geblokkeerd sinds", timeout=WAIT_MS)

    page.goto(f"{town.url}/beheer/logboek?daad=role_changed")
    line = page.get_by_role("row").filter(has_text="gaf een andere rol").first
    expect(line).to_contain_text("nieuwe rol: Coördinator", timeout=WAIT_MS)
    with page.expect_download() as file:
        page.get_by_role("link", name="Alles als CSV").click()
    text = file.value.path().read_text(encoding="utf-8")
    assert "workshop" not in text  # a role that was only passed by was not given
    assert "role_changed" in text and "user_created" not in text


def test_what_was_given_up_is_tried_again(town: Service, open_as: OpenPage) -> None:
    street = Street(town, 71_000)
    with town.as_("utilities_desk") as desk:
        made = desk.post("/api/v1/subscriptions", json={"target": "https://alerts.example/hook", "name": "meldkamer"}).json()  # fmt: skip
    street.works((30, 44))
    street.repair()
    with town.engine.begin() as conn:
        conn.execute(sa.text("UPDATE deliveries SET failed_at = now(), attempts = 9, last_error = 'HTTP 500' WHERE subscription_id = :id"), {"id": made["id"]})  # fmt: skip
    page = opened(open_as("utilities_desk", "/beheer/abonnementen"))
    row = page.get_by_role("row").filter(has_text="meldkamer")
    row.get_by_role("link", name="Leveringen").click(timeout=WAIT_MS)
    deliveries = page.get_by_role("table", name="Leveringen")
    expect(deliveries).to_contain_text("HTTP 500", timeout=WAIT_MS)
    page.get_by_role("button", name="Probeer opnieuw wat opgegeven is").click()
    expect(page.get_by_text(re.compile(r"vertrek(ken|t) opnieuw"))).to_be_focused(timeout=WAIT_MS)
    expect(deliveries).not_to_contain_text("opgegeven", timeout=WAIT_MS)
    assert violations(page) == []
    row.get_by_role("button", name="Pauzeer").click()
    expect(row).to_contain_text("gepauzeerd", timeout=WAIT_MS)

    page.goto(f"{town.url}/beheer/abonnementen?toets={DRAWN}")  # as the map leaves it
    page.get_by_label("Hoe", exact=True).select_option("webhook", timeout=WAIT_MS)
    page.get_by_label("Naar wie of waar").fill("https://alerts.example/all")
    page.get_by_label("Straten").fill("Gentsestraat, Marktplein")
    page.locator("summary", has_text="Eigenaars").click()
    page.get_by_label("Proximus", exact=True).check(timeout=WAIT_MS)
    page.locator("summary", has_text="Soorten meldingen").click()
    page.get_by_label("nieuw conflict", exact=True).check()
    page.get_by_role("button", name="Maak abonnement").click()
    expect(page.get_by_role("row").filter(has_text="alerts.example/all")).to_contain_text(
        "nieuw conflict · Proximus · Gentsestraat, Marktplein", timeout=WAIT_MS
    )
    with town.as_("utilities_desk") as desk:
        kept = desk.get("/api/v1/subscriptions").json()["items"][-1]["filter"]
    assert kept["area"]["coordinates"] == [[[3.2, 50.9], [3.21, 50.9], [3.21, 50.91], [3.2, 50.9]]]


DRAWN = "vlak:3.2,50.9_3.21,50.9_3.21,50.91"
HEAD = "nummer;eigenaar;omschrijving;van;tot;lon;lat\n"
NOWHERE = "W2;Proximus;Glasvezel;02/12/2026;21/12/2026;;\n"
PLACED = "W1;Proximus;Glasvezel;01/12/2026;20/12/2026;3.2732;50.9451\n"


def test_a_file_is_looked_at_on_the_map_before_it_is_taken_in(town: Service, open_as: OpenPage) -> None:
    page = opened(open_as("utilities_desk", "/beheer/inlezen"))

    def look(content: str) -> None:
        page.get_by_label("Bestand").set_input_files(
            {"name": "kabels.csv", "mimeType": "text/csv", "buffer": content.encode()}
        )
        page.get_by_role("button", name="Bekijk of lees in").click()

    look(HEAD + NOWHERE)
    expect(page.get_by_text("1 rijen bekeken, 1 zouden geweigerd worden")).to_be_visible(timeout=READ_MS)
    expect(page.locator("form .problem:visible")).to_have_count(0)
    look(HEAD + PLACED + NOWHERE)
    expect(page.get_by_text("2 rijen bekeken, 1 zouden geweigerd worden")).to_be_visible(timeout=READ_MS)
    rows = page.locator(".admin-part table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Glasvezel")
    expect(rows.last).to_contain_text("Geweigerd:")
    page.wait_for_url(re.compile(r"[?&]c=3\.273"))  # the map shows the first
    page.get_by_role("button", name="Lees alles in").click()
    page.wait_for_url("**/beheer/bronnen?bron=kabels", timeout=WAIT_MS)
    with town.engine.connect() as conn:
        assert conn.scalar(sa.text("SELECT status FROM imports WHERE source = 'kabels'")) == "queued"


def stored_start(town: Service) -> dict[str, Any]:
    with town.as_("coordinator") as client:
        return {one["item"]: one["state"] for one in client.get("/api/v1/checklist").json()["items"]}


def test_the_first_day_says_what_is_missing_and_leads_there(town: Service, open_as: OpenPage) -> None:
    page = opened(open_as("coordinator", "/beheer/start"))
    shown = page.locator(".checklist li")
    expect(shown).to_have_count(6, timeout=WAIT_MS)
    assert {one.get_attribute("data-item"): one.get_attribute("data-state") for one in shown.all()} == stored_start(town)  # fmt: skip
    expect(page.locator('[data-item="prices"]')).to_contain_text("Prijs van heraanleg in betontegels")


@pytest.mark.parametrize(("role", "part", "words"), [("viewer", "", "Dit hoort bij uw account"), ("workshop", "gebruikers", "Dit onderdeel is voor: Beheerder"), ("admin", "niets", "Dit onderdeel bestaat niet")])  # fmt: skip
def test_without_the_right_the_page_says_for_whom_it_is(town: Service, open_as: OpenPage, role: str, part: str, words: str) -> None:  # fmt: skip
    page = open_as(role, f"/beheer/{part}".rstrip("/"))
    expect(page.get_by_text(re.compile(f"^{words}"))).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("button.fresh")).not_to_be_empty(
        timeout=WAIT_MS
    )  # the bar is whole once the service said how fresh its data are
    assert violations(page) == []
