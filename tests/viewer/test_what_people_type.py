"""What people type, paste and bookmark: addresses, numbers, coordinates of other maps, links of last year."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WAIT_MS = 40_000


@pytest.fixture
def status(viewer_url: str, page: Page) -> dict[str, Any]:
    """What the server says of itself: today, and the golden places."""
    page.goto(viewer_url)
    found: dict[str, Any] = page.request.get(f"{viewer_url}/api/v1/status").json()
    return found


def test_an_address_opens_a_footpath_of_its_own_street(page: Page, status: dict[str, Any]) -> None:
    page.locator("#zoek").fill("104 gentsestr.")
    page.get_by_role("link", name="Gentsestraat 104").click(timeout=WAIT_MS)
    expect(page.locator("[data-verdict]")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".place")).to_contain_text("Gentsestraat 104")
    expect(page.locator(".where")).to_contain_text("van de gekozen plek")
    page.get_by_role("radio", name="Oneven").check()
    expect(page.locator("[data-verdict]")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".where")).not_to_contain_text("van de gekozen plek")


def test_a_stretch_with_its_town_behind_it_is_the_same(page: Page, status: dict[str, Any]) -> None:
    page.locator("#zoek").fill("Gentsestraat 32-36, Izegem")
    expect(page.locator(".hits a").first).to_contain_text("32–36", timeout=WAIT_MS)
    page.locator("#zoek").press("Enter")
    expect(page.locator("[data-verdict]")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".where")).to_contain_text("Gentsestraat 32–36")


def test_a_stretch_of_a_street_is_checked_as_it_is_typed(page: Page, status: dict[str, Any]) -> None:
    page.locator("#zoek").fill("Gentsestraat van nr 31 tot nr 36")
    expect(page.locator(".hits a").first).to_have_text(
        "Gentsestraat 32–36, even zijdeVoetpad", timeout=WAIT_MS
    )
    page.locator("#zoek").press("Enter")
    expect(page.locator("[data-verdict]")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".where")).to_contain_text("Gentsestraat 32–36")
    expect(page.locator(".where")).to_contain_text(
        "Nr. 31 staat er niet: dit stuk begint bij nr. 32. Een even en een oneven nummer: kies de kant"
    )
    page.get_by_role("radio", name="Oneven 33–35").check()
    expect(page.locator(".where")).to_contain_text("Gentsestraat 33–35", timeout=WAIT_MS)
    expect(page.get_by_role("radiogroup", name="Omvang")).to_be_hidden()
    page.reload()
    expect(page.locator(".where")).to_contain_text("Gentsestraat 33–35", timeout=WAIT_MS)


def test_numbers_that_no_house_has_are_said_to_be_missing(page: Page, status: dict[str, Any]) -> None:
    page.locator("#zoek").fill("Gentsestraat 500-510")
    page.get_by_role("link", name="deze huisnummers kennen wij niet").click(timeout=WAIT_MS)
    expect(page.get_by_role("alert").first).to_contain_text(
        "geen huis van nr. 500 tot en met 510", timeout=WAIT_MS
    )


def test_a_gipod_number_is_found_as_the_page_writes_it(page: Page, status: dict[str, Any]) -> None:
    place = status["golden"][0]
    page.goto(f"{page.url}kaart?toets={place['lon']},{place['lat']}")
    link = page.locator(".facts a").first
    number = link.inner_text(timeout=WAIT_MS)
    assert re.fullmatch(r"GIPOD \d+", number)
    page.locator("#zoek").fill(number)
    expect(page.locator(".hits a")).to_contain_text(number, timeout=WAIT_MS)


def test_coordinates_may_come_latitude_first(page: Page, status: dict[str, Any]) -> None:
    place = status["golden"][0]
    page.locator("#zoek").fill(f"{place['lat']}, {place['lon']}")
    page.get_by_role("link", name="Toets deze coördinaten").click(timeout=WAIT_MS)
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)


@pytest.mark.parametrize("day", ["2020-01-01", "someday", "2026-02-31", ""])
def test_a_link_with_a_day_that_cannot_be_asks_about_today(
    page: Page, viewer_url: str, status: dict[str, Any], day: str
) -> None:
    place = status["golden"][0]
    page.goto(f"{viewer_url}/kaart?toets={place['lon']},{place['lat']}&op={day}")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)
    expect(page.locator("#op")).to_have_value(status["today"])


def test_a_link_with_a_day_ahead_keeps_it(page: Page, viewer_url: str, status: dict[str, Any]) -> None:
    place = status["golden"][0]
    day = str(date.fromisoformat(status["today"]) + timedelta(days=3))
    page.goto(f"{viewer_url}/kaart?toets={place['lon']},{place['lat']}&op={day}")
    expect(page.locator("[data-verdict]")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("#op")).to_have_value(day)


def test_each_choice_of_the_form_stands_in_the_address_in_dutch(
    page: Page, viewer_url: str, status: dict[str, Any]
) -> None:
    place = status["golden"][0]
    page.goto(f"{viewer_url}/kaart?toets={place['lon']},{place['lat']}")
    for name, part in (
        ("Plek", "omvang=plek"),
        ("Heel vak", "omvang=vak"),
        ("Hinder", "toestand=hinder"),
        ("Gewoon", "toestand=gewoon"),
        ("Oneven", "kant=oneven"),
        ("Even", "kant=even"),
        ("Vandaag", "periode=vandaag"),
    ):
        page.get_by_role("radio", name=re.compile(f"^{name}")).filter(visible=True).check(timeout=WAIT_MS)
        expect(page).to_have_url(re.compile(f"[?&]{part}(&|$)"))


def test_an_old_link_opens_as_it_was_and_words_that_it_cannot_mean_count_as_none(
    page: Page, viewer_url: str, status: dict[str, Any]
) -> None:
    place = status["golden"][0]
    here = f"{viewer_url}/kaart?toets={place['lon']},{place['lat']}"
    page.goto(f"{here}&omvang=plek&toestand=hinder&kant=oneven&periode=6m")
    for name in ("Plek", "Hinder", "Oneven", "6 maanden"):
        expect(page.get_by_role("radio", name=re.compile(f"^{name}")).filter(visible=True)).to_be_checked(
            timeout=WAIT_MS
        )
    page.goto(f"{here}&omvang=spot&toestand=erg&periode=jaren")
    for name in ("Heel vak", "Gewoon", "12 weken"):
        expect(page.get_by_role("radio", name=re.compile(f"^{name}")).filter(visible=True)).to_be_checked(
            timeout=WAIT_MS
        )


def test_each_conflict_in_the_list_says_which_one_and_when(
    page: Page, viewer_url: str, status: dict[str, Any]
) -> None:
    page.goto(f"{viewer_url}/kaart?lijst=conflicten")
    first = page.locator(".rows a.row").first
    expect(first).to_contain_text(re.compile(r"C-\d+ · .* · .* tot en met "), timeout=WAIT_MS)
    expect(page.locator(".rows").first).not_to_contain_text("[object")
    number = re.search(r"C-\d+", first.inner_text())
    assert number
    first.click()
    expect(page.get_by_role("heading", level=1).filter(visible=True)).to_contain_text(
        number[0], timeout=WAIT_MS
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Gentsestraat 108", "Gentsestraat 108"),
        ("108a gentsestraat", "Gentsestraat 108"),
        ("Izegem, Gentsestraat 108", "Gentsestraat 108"),
        ("8870 Izegem Gentsestraat 108", "Gentsestraat 108"),
        ("gentsesraat 108", "Gentsestraat 108"),
        ("gentsestraat", "Gentsestraat"),
    ],
)
def test_an_address_comes_first_however_it_is_typed(
    page: Page, status: dict[str, Any], typed: str, first: str
) -> None:
    page.locator("#zoek").fill(typed)
    hit = page.locator(".hits a > span").first
    expect(hit).to_have_text(first, timeout=WAIT_MS)


def test_enter_on_an_address_opens_the_place_and_not_works_that_name_it(
    page: Page, viewer_url: str, status: dict[str, Any]
) -> None:
    """Titles of works hold addresses too: the title of the worst conflict is one."""
    works = page.request.get(f"{viewer_url}/api/v1/works?q=kortrijksestraat&limit=1000").json()["items"]
    titles = [re.search(r"KORTRIJKSESTRAAT (\d+)", one["title"], re.IGNORECASE) for one in works]
    number = next(found[1] for found in titles if found)
    page.locator("#zoek").fill(f"Kortrijksestraat {number}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("toets="), timeout=WAIT_MS)
    assert "kies=" not in page.url


def test_enter_opens_nothing_that_an_earlier_search_found(page: Page, status: dict[str, Any]) -> None:
    page.locator("#zoek").fill("gentsestraat")
    hits = page.locator("#zoek-hits")
    expect(hits.get_by_role("link").first).to_be_visible(timeout=WAIT_MS)
    page.route("**/api/v1/search?q=gentsestraat%20104", lambda route: None)  # the answer never comes
    page.locator("#zoek").fill("gentsestraat 104")
    page.keyboard.press("Enter")
    page.locator("#zoek").fill("gentsestraat 108")
    expect(hits.get_by_text("Gentsestraat 108", exact=True)).to_be_visible(timeout=WAIT_MS)
    assert "z=17" not in page.url  # that of the street, which stood first


def test_houses_of_a_street_come_in_the_order_of_their_numbers(
    page: Page, viewer_url: str, status: dict[str, Any]
) -> None:
    answer = page.request.get(f"{viewer_url}/api/v1/buildings?q=gentsestraat&limit=100").json()
    lowest = sorted({int(one["house_number"]) for one in answer["items"] if one["house_number"].isdigit()})
    page.locator("#zoek").fill("gentsestraat")
    expect(page.locator(".hits a").nth(5)).to_be_visible(timeout=WAIT_MS)
    texts = page.locator(".hits a > span").all_inner_texts()
    numbers = [int(found[1]) for text in texts if (found := re.fullmatch(r"Gentsestraat (\d+)", text))]
    assert len(numbers) >= 4
    assert numbers == lowest[: len(numbers)]


@pytest.mark.parametrize(("kind", "path"), [("conflict", "conflicts"), ("herstelling", "repairs")])
def test_our_own_numbers_are_found_and_open_by_address(
    page: Page, viewer_url: str, status: dict[str, Any], kind: str, path: str
) -> None:
    one = page.request.get(f"{viewer_url}/api/v1/{path}?limit=1").json()["items"][0]
    page.locator("#zoek").fill(one["number"].lower())
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1).filter(visible=True)
    expect(heading).to_contain_text(one["number"], timeout=WAIT_MS)
    page.goto(f"{viewer_url}/kaart?kies={kind}:{one['number']}")
    expect(heading).to_contain_text(one["number"], timeout=WAIT_MS)
    page.goto(f"{viewer_url}/kaart?kies={kind}:{one['number'][0]}-999999")
    expect(page.get_by_text("Dit bestaat niet, of niet meer.")).to_be_visible(timeout=WAIT_MS)
