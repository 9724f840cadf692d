"""The work of a crew without network: it is kept, sent once, and a change by somebody else is shown."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Route, expect

from tests.accounts.test_walk import violations
from tests.api.scenario import Street, day
from tests.viewer.conftest import sign_in
from tests.viewer.offline_scenes import (
    EMPTY,
    WAIT_MS,
    Phone,
    Town,
    finish,
    job,
    open_list,
    phone,
    photos,
    picture,
    place,
    planned,
    start_offline,
    stored,
    street,
    until,
)

__all__ = ["phone", "place", "street"]  # fixtures

pytestmark = pytest.mark.browser


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
    expect(page.get_by_text("bewaard op dit toestel")).to_be_hidden()


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
