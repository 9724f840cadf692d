"""Afstemming: what presses most is first, a routine case takes three clicks or keys at most, and each sees what is its own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from tests.accounts.test_walk import violations
from tests.api.scenario import Street
from tests.serving import Service
from tests.viewer.conftest import OpenPage, build_houses

pytestmark = pytest.mark.browser

WAIT_MS = 60_000  # beside other work two cores load a page slowly
SOON_MS = 30_000  # how soon it is, is measured elsewhere: two cores that do more are slow
MOST_ACTIONS = 3
LARGE_LIST = 200
LAG = 30  # times what the browser needs to lay the same rows out
_places = itertools.count()


@pytest.fixture
def street(town: Service) -> Street:
    """A piece of street of its own."""
    return Street(town, 200.0 * next(_places))


@pytest.fixture
def case(street: Street) -> dict[str, Any]:
    """The case of three repairs that one works meets, in front of houses 76 to 82."""
    return case_of(street)


def case_of(street: Street, days: tuple[int, int] = (30, 44), **works: Any) -> dict[str, Any]:
    build_houses(street)
    registered = street.works(days, **works)
    ids = {street.conflicts(repair=street.repair(along=(at, at + 8))["id"])[0]["id"] for at in (5, 15, 25)}
    found = next(one for one in cases(street.service) if ids <= {*one["conflict_ids"]})
    return {**found, "works": registered}


def cases(service: Service, role: str = "viewer") -> list[dict[str, Any]]:
    with service.as_(role) as client:
        return list(client.get("/api/v1/cases?undecided=true&limit=1000").json()["items"])


def case_with(service: Service, conflict: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in cases(service, "utilities_desk") if conflict["id"] in one["conflict_ids"])


def row(page: Page, case: dict[str, Any]) -> Locator:
    return page.locator(f'.rows a[data-case="{case["id"]}"]')


def stand(page: Page) -> Locator:
    return page.locator(".panel dt:visible", has_text=re.compile("^Stand$")).locator("+ dd")


class Counted:
    """Clicks and keys on a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def click(self, target: Locator) -> None:
        target.click(timeout=WAIT_MS)
        self.actions += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.actions += 1


@pytest.mark.parametrize("width", [1440, 390])
def test_a_desk_settles_a_case_in_two_clicks_and_takes_it_back(
    case: dict[str, Any], open_as: OpenPage, width: int
) -> None:
    page = open_as("utilities_desk", "/afstemming", width)
    line = row(page, case)
    expect(line).to_contain_text("Gentsestraat 76–82, even zijde", timeout=WAIT_MS)
    for words in ("Proximus", "Beslis ten laatste wo 23 dec", "3 conflicten", "€"):
        expect(line).to_contain_text(words)
    person = Counted(page)
    person.click(line)
    person.click(page.get_by_role("button", name="Afronden", exact=True))
    expect(stand(page)).to_have_text("Afgerond", timeout=WAIT_MS)
    assert person.actions == 2
    expect(page.locator(".panel h2", has_text="Conflicten in dit dossier: 3")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("status").filter(has_text="Afgerond.").get_by_role(
        "button", name="Ongedaan maken"
    ).click()
    expect(stand(page)).to_have_text("Open", timeout=WAIT_MS)
    page.get_by_role("button", name="Afronden", exact=True).click()
    expect(stand(page)).to_have_text("Afgerond", timeout=WAIT_MS)
    page.get_by_role("link", name="Terug naar de lijst").click()
    expect(row(page, case)).to_have_count(0, timeout=WAIT_MS)


@pytest.mark.parametrize(
    ("keys", "status"), [(("Enter", "e"), "Afgerond"), (("Enter", "a", "Enter"), "Afgesproken")]
)
def test_the_most_pressing_case_takes_three_keys_at_most(
    case: dict[str, Any], street: Street, open_as: OpenPage, keys: tuple[str, ...], status: str
) -> None:
    page = open_as("utilities_desk", "/afstemming")
    expect(row(page, case)).to_be_visible(timeout=WAIT_MS)
    person = Counted(page)
    for key in keys:
        person.press(key)
        if key == "Enter":
            expect(page.get_by_role("button", name="Afronden", exact=True)).to_be_enabled(timeout=WAIT_MS)
        if key == "a":
            expect(page.get_by_role("radio", name="Wachten met herstellen")).to_be_focused()
    expect(stand(page)).to_have_text(status, timeout=WAIT_MS)
    assert person.actions <= MOST_ACTIONS
    expect(page.locator(".done:visible")).to_contain_text("Ongedaan maken", timeout=WAIT_MS)
    page.keyboard.press("z")
    expect(stand(page)).to_have_text("Open", timeout=WAIT_MS)
    assert f"dossier={cases(street.service)[0]['id']}" in page.url


def test_the_list_has_the_order_of_the_service_j_and_k_follow_it_and_x_chooses(
    street: Street, open_as: OpenPage
) -> None:
    for n, days in enumerate(((90, 95), (3, 8), (40, 50))):
        case_of(Street(street.service, street.x + 50 * n), days)
    page = open_as("utilities_desk", "/afstemming")
    expect(page.locator(".rows a[data-case]").first).to_be_visible(timeout=WAIT_MS)
    listed = page.locator(".rows a[data-case]").evaluate_all("links => links.map(link => link.dataset.case)")
    assert len(listed) >= 3
    assert listed == [one["id"] for one in cases(street.service)]

    focused = "document.activeElement.dataset.case"
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("x", 0), ("j", 1)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == listed[at]
    expect(page.locator(".rows").get_by_role("checkbox").first).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**dossier={listed[1]}*")
    expect(stand(page)).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("j")
    page.wait_for_url(f"**dossier={listed[2]}*")
    page.keyboard.press("Escape")
    expect(page.locator(".rows a[data-case]").first).to_be_visible(timeout=WAIT_MS)


def test_the_address_holds_the_filters_and_an_empty_list_says_so(
    case: dict[str, Any], street: Street, open_as: OpenPage
) -> None:
    page = open_as("utilities_desk", f"/afstemming?dossier={case['id']}")
    page.get_by_role("button", name="Toewijzen").click(timeout=WAIT_MS)
    page.get_by_label("Dienst", exact=True).filter(visible=True).select_option("Patrimonium")
    page.get_by_label("Persoon").filter(visible=True).fill("Nele")
    page.get_by_role("button", name="Wijs toe").click()
    expect(page.locator(".done:visible")).to_contain_text("Toegewezen.", timeout=WAIT_MS)

    another = case_of(Street(street.service, street.x + 80))
    for filters in ("", "dienst=patrimonium", "wie=Nele", "dienst=patrimonium&wie=Nele"):
        page.goto(f"{street.service.url}/afstemming?{filters}")
        expect(row(page, case)).to_contain_text("Patrimonium", timeout=WAIT_MS)
        expect(row(page, another)).to_have_count(0 if filters else 1)
    page.locator("#stand").select_option("Afgerond")
    page.wait_for_url("**stand=afgerond*")
    expect(page.get_by_text("Geen dossiers met deze keuze.")).to_be_visible(timeout=WAIT_MS)
    page.go_back()
    expect(row(page, case)).to_be_visible(timeout=WAIT_MS)


def test_the_file_has_all_cases_in_the_columns_that_a_person_chose(
    case: dict[str, Any], town: Service, open_as: OpenPage
) -> None:
    """The columns belong to the account: a page that is opened later has them too. Who follows a case up stands in no file."""
    page = open_as("utilities_desk", "/afstemming")
    expect(row(page, case)).to_contain_text("Beslis ten laatste", timeout=WAIT_MS)
    page.locator("summary", has_text="Kolommen").click()
    for name in ("Ernst", "Bedrag (€)", "Beslis ten laatste"):
        with page.expect_response("**/api/v1/me"):
            page.get_by_label(name, exact=True).uncheck()
    with page.expect_response("**/api/v1/me"):
        page.get_by_label("Score", exact=True).check()
    expect(row(page, case)).to_contain_text("Score: ", timeout=WAIT_MS)
    expect(row(page, case)).not_to_contain_text("Beslis ten laatste")
    assert violations(page) == []
    page.reload()
    expect(row(page, case)).to_contain_text("Score: ", timeout=WAIT_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download als CSV").click()
    heads, *rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert heads == "Plaats;Waarover;Conflicten;Stand;Dienst;Score"
    assert len(rows) == len(cases(town))
    assert any(line.startswith("Gentsestraat 76–82, even zijde;") for line in rows)
    page.request.patch(f"{town.url}/api/v1/me", data={"preferences": {"columns_cases": None}})


def test_a_partner_sees_its_own_cases_and_may_only_comment(street: Street, open_as: OpenPage) -> None:
    ours = case_of(street)
    theirs = case_of(Street(street.service, street.x + 80), owner="Fluvius")
    page = open_as("partner", "/afstemming")
    expect(row(page, ours)).to_be_visible(timeout=WAIT_MS)
    expect(row(page, theirs)).to_have_count(0)
    row(page, ours).click()
    expect(page.get_by_role("button", name="Opmerking")).to_be_enabled(timeout=WAIT_MS)
    for name in ("Kennisnemen", "Afspreken", "Afronden", "Risico aanvaarden", "Toewijzen"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()


def test_a_case_that_somebody_else_settles_shows_it_and_a_late_step_is_told(
    case: dict[str, Any], open_as: OpenPage
) -> None:
    path = f"/afstemming?dossier={case['id']}"
    first, second, third = (open_as(role, path) for role in ("utilities_desk", "coordinator", "admin"))
    expect(second.get_by_role("button", name="Afronden", exact=True)).to_be_enabled(timeout=WAIT_MS)
    third.get_by_role("button", name="Afspreken").click(timeout=WAIT_MS)
    third.get_by_label("Nota (mag leeg blijven)").fill("na de kermis")
    third.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")

    first.get_by_role("button", name="Kennisnemen").click(timeout=WAIT_MS)
    news = second.get_by_role("status").filter(has_text="Zonet gewijzigd")
    expect(news).to_contain_text("Els Demo nam kennis", timeout=SOON_MS)
    expect(stand(second)).to_have_text("Kennisgenomen")

    third.get_by_role("button", name="Leg afspraak vast").click()
    refusal = third.get_by_role("alert").filter(has_text="Intussen veranderd.")
    expect(refusal).to_contain_text("Els Demo nam kennis", timeout=WAIT_MS)
    expect(third.get_by_label("Nota (mag leeg blijven)")).to_have_value("na de kermis")
    third.get_by_role("button", name="Leg afspraak vast").click()
    expect(stand(third)).to_have_text("Afgesproken", timeout=WAIT_MS)


@pytest.fixture
def crowded(case: dict[str, Any], street: Street) -> Iterator[None]:
    """Two hundred cases more: copies of one, as if as many works met its repair."""
    columns = (
        "rule_id, rule_version, shadow, a_kind, a_origin_id, b_kind, a, b, works_ids, repair_id, severity, opportunity, blocking, facts, "
        "over_on, geom"
    )
    copy = (
        f"INSERT INTO conflicts ({columns}, b_origin_id) SELECT {columns}, gen_random_uuid() "
        "FROM conflicts, generate_series(1, :n) WHERE id = CAST(:id AS uuid) RETURNING id"
    )
    with street.service.engine.begin() as conn:
        made = conn.execute(sa.text(copy), {"n": LARGE_LIST, "id": case["conflict_ids"][0]}).scalars().all()
    yield
    with street.service.engine.begin() as conn:
        conn.execute(sa.text("DELETE FROM conflicts WHERE id = ANY(:made)"), {"made": list(made)})


@pytest.mark.usefixtures("crowded")
def test_two_hundred_rows_come_without_lag(open_as: OpenPage) -> None:
    """From the answer to the rows on the screen, beside copies of these rows; and the others come when they are wanted."""
    page = open_as("utilities_desk", "/afstemming")
    expect(page.locator(".rows a[data-case]").first).to_be_visible(timeout=WAIT_MS)
    ratios = [page.evaluate(DRAWN) for _ in range(3)]
    assert min(ratios) < LAG, ratios
    page.get_by_role("button", name="Toon meer dossiers").click()
    expect(page.locator(".rows a[data-case]").nth(LARGE_LIST)).to_be_visible(timeout=WAIT_MS)


DRAWN = """() => new Promise((done) => {
    document.querySelector('.rail a[href="/kaart"]').click();
    performance.clearResourceTimings();
    const rows = document.querySelector("a[data-case]").closest(".rows");
    rows.replaceChildren();
    new MutationObserver((_, observer) => {
        observer.disconnect();
        requestAnimationFrame(() => {
            const answer = performance.getEntriesByType("resource").find((entry) => entry.name.includes("/api/v1/cases?"));
            const spent = performance.now() - answer.responseEnd;
            const copies = [...rows.childNodes].map((row) => row.cloneNode(true));
            const start = performance.now();
            rows.replaceChildren(...copies);
            rows.getBoundingClientRect();
            done(spent / (performance.now() - start));
        });
    }).observe(rows, { childList: true });
    document.querySelector('.rail a[href="/afstemming"]').click();
})"""
