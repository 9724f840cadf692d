"""The list of conflicts: its order, its sums, one owner, and the last day of each row."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.serving import Service
from tests.viewer.map_scenes import WAIT_MS

pytestmark = pytest.mark.browser


def rows(page: Page) -> list[dict[str, Any]]:
    """The conflicts in the list: severity and amount, in order."""
    found = page.locator(".panel .rows:visible").first.locator("a.row")
    expect(found.first).to_be_visible(timeout=WAIT_MS)
    read = "nodes => nodes.map(one => [one.dataset.severity, one.querySelector('.amount').textContent, one.innerText])"
    return [
        {"severity": severity, "euro": int(re.sub(r"\D", "", amount) or 0), "text": text}
        for severity, amount, text in found.evaluate_all(read)
    ]


def test_the_list_begins_with_the_gravest_and_of_those_with_the_most_money(
    page: Page, viewer_url: str
) -> None:
    page.goto(f"{viewer_url}/kaart?lijst=conflicten")
    order = ["critical", "high", "medium", "low", "info"]
    found = [(order.index(one["severity"]), -one["euro"]) for one in rows(page)]
    assert found == sorted(found)
    assert len({severity for severity, _ in found}) >= 3 and len({euro for _, euro in found}) > 10
    names = [one["text"] for one in rows(page)]
    fire = next(i for i, text in enumerate(names) if "Brandweerpost" in text)
    assert all(order.index(one["severity"]) <= 1 for one in rows(page)[: fire + 1])


def test_the_list_sums_up_and_narrows_to_one_owner(page: Page, demo_server: Service) -> None:
    with demo_server.as_("viewer") as viewer:
        items = viewer.get("/api/v1/conflicts?status=open&limit=500").json()["items"]
    problems = [one for one in items if not one["opportunity"]]
    per_repair: dict[str, float] = {}
    for one in problems:
        if repair := (one["a"]["repair"] or one["b"]["repair"]):
            per_repair[repair["id"]] = max(per_repair.get(repair["id"], 0), one["facts"]["cost_at_risk_eur"])
    losing = [euro for euro in per_repair.values() if euro > 0]

    page.goto(f"{demo_server.url}/kaart?lijst=conflicten")
    head = page.locator(".panel p[role=status]").filter(visible=True)
    expect(head).to_contain_text(f"{len(items)} open", timeout=WAIT_MS)
    euro = re.search(r"€\s*([\d.]+) op het spel bij (\d+) herstellingen", head.inner_text())
    assert euro is not None
    assert abs(int(euro[1].replace(".", "")) - sum(losing)) < 1
    assert int(euro[2]) == len(losing)

    page.locator("#eigenaar").select_option(label="Fluvius")
    expect(page).to_have_url(re.compile("eigenaar=fluvius"))
    mine = [one for one in problems if "fluvius" in (one["a"]["claim"]["owner_group"], one["b"]["claim"]["owner_group"])]  # fmt: skip
    assert 0 < len(mine) < len(problems)
    expect(page.locator(".panel .rows:visible").first.locator("a.row")).to_have_count(len(mine))


def test_each_row_says_until_when(page: Page, viewer_url: str) -> None:
    page.goto(f"{viewer_url}/kaart?lijst=conflicten")
    dated = [one["text"] for one in rows(page) if " tot en met " in one["text"]]
    assert len(dated) > 20
