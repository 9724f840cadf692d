"""Each notebook runs from top to bottom against the service with the demo city, concludes from the data, and is stored without outputs."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from geo_service.analysis import dataset, engines
from tests.client.conftest import NOTEBOOKS, Play
from tests.serving import TODAY, Service

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
CHAPTERS = ("01", "02", "03", "04", "05", "06", "07", "08")
QUARTER = ("2026-10-01", "2027-01-01")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_has_an_english_summary_and_ends_with_a_conclusion(path: Path) -> None:
    first, *_, heading, last = nbformat.read(path, as_version=4).cells
    assert "**In English.**" in first.source
    assert heading.source == "## Besluit"
    assert "def conclusion():" in last.source


def test_every_chapter_is_there() -> None:
    assert tuple(path.name[:2] for path in PATHS) == CHAPTERS


def conclusion(notebook: nbformat.NotebookNode) -> str:
    text: str = notebook.cells[-1].outputs[-1].data["text/markdown"]
    return text.replace("\u00a0", " ")


def outputs(notebook: nbformat.NotebookNode) -> Iterator[Any]:
    yield from (output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs)


@pytest.mark.parametrize("chapter", CHAPTERS[1:])
def test_a_notebook_shows_a_plot_and_warns_of_nothing(play: Play, chapter: str) -> None:
    notebook = play(chapter)
    assert any("image/png" in output.get("data", {}) for output in outputs(notebook))
    assert "**In English:**" in conclusion(notebook)
    assert [output.text for output in outputs(notebook) if output.output_type == "stream" and "arning" in output.text] == []  # fmt: skip


def number(value: float) -> str:
    return f"{value:,.0f}".translate(str.maketrans(",.", ".,"))


def listed(service: Service, name: str, role: str = "viewer", **params: Any) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    with service.as_(role) as client:
        while True:
            page = client.get(f"/api/v1/{name}", params={"limit": 1000, **params, **cursor}).json()
            items += page["items"]
            if not page["next"]:
                return items
            cursor = {"cursor": page["next"]}


def test_the_first_look_counts_the_money_of_each_repair_once(demo_server: Service, play: Play) -> None:
    notebook = play("01")
    said = conclusion(notebook)
    assert any("leaflet" in str(output) for output in outputs(notebook))
    assert re.search(r"Begin met C-\d+ \(.+\): .* Advies: .+\.", said)

    found = listed(demo_server, "conflicts")
    finished = {repair["id"] for repair in listed(demo_server, "repairs") if repair["status"] == "done"}
    largest: dict[str, tuple[float, str]] = {}
    for one in found:
        if not one["opportunity"] and (euro := one["facts"]["cost_at_risk_eur"]) > 0:
            known = (euro, one["b"]["claim"]["owner_group"])
            largest[one["a"]["repair"]["id"]] = max(known, largest.get(one["a"]["repair"]["id"], known))
    to_do = {repair: at_risk for repair, at_risk in largest.items() if repair not in finished}
    assert 0 < len(to_do) < len(largest)
    groups: Counter[str] = Counter()
    for euro, group in to_do.values():
        groups[group] += euro
    [(group, most)], total = groups.most_common(1), sum(groups.values())
    assert f"€ {number(total)} staat op het spel in {len(to_do)} herstellingen" in said
    assert f"€ {number(most)} ({most / total:.0%}".replace("%", " %") + f"), ligt bij {group}" in said
    assert f"{len(largest) - len(to_do)} verhardingen openen die klaar zijn" in said
    for rule, words in (("shared_trench", "een straat één keer te openen"), ("repair_in_wake", "herstel na werken")):  # fmt: skip
        savings = [one["facts"]["saving_eur"] for one in found if one["rule"] == rule]
        assert re.search(rf"{words}[^:]*: {len(savings)}, samen € {re.escape(number(sum(savings)))}", said), said  # fmt: skip


def test_the_quarter_counts_each_conflict_once_for_each_owner(demo_server: Service, play: Play) -> None:
    said = conclusion(play("02"))
    first, until = QUARTER
    found = [one for one in listed(demo_server, "conflicts", **{"from": first, "to": until}) if not one["opportunity"]]  # fmt: skip
    owners = Counter(
        owner
        for one in found
        for owner in {one[side]["claim"]["owner_group"] for side in "ab" if one[side]["claim"]["works_id"]}
    )
    most = owners.most_common(1)[0][1]
    serious = [one for one in found if one["severity"] in ("critical", "high") and one["status"] == "open"]
    assert f"In kwartaal 4 van 2026 botsen werken en herstellingen {len(found)} keer; {len(serious)} daarvan" in said  # fmt: skip
    named = re.search(r"(\S+) is bij (\d+) ervan betrokken", said)
    assert named and (owners[named[1]], int(named[2])) == (most, most)


def test_other_rules_find_what_the_preview_says(demo_server: Service, play: Play) -> None:
    said = conclusion(play("03"))
    with demo_server.as_("coordinator") as client:
        wide = client.post("/api/v1/rules/wasted_repair/preview", json={"clearance_m": 10.0}).json()
    more = wide["after"]["conflicts"] - wide["before"]["conflicts"]
    assert more > 0
    assert f"Met 10 m in plaats van 2 m vindt *verspilde herstelling* {more} conflicten meer" in said


def test_owners_are_late_by_the_day_of_the_service(demo_server: Service, play: Play) -> None:
    said = conclusion(play("04"))
    works = [one for one in listed(demo_server, "works") if one["certainty"] in ("indicative", "planned", "confirmed")]  # fmt: skip
    late = [one for one in works if min(phase["starts_on"] for phase in one["phases"]) < str(TODAY)]
    assert 0 < len(late) < len(works)
    assert f"Van {len(works)} geplande werken is bij {len(late)} (" in said


def test_joint_openings_count_no_saving_twice(demo_server: Service, play: Play) -> None:
    said = conclusion(play("05"))
    window = {"rule": "shared_trench", "from": str(TODAY), "to": str(TODAY.replace(year=TODAY.year + 2))}
    pairs = [
        (one["a"]["claim"]["works_id"], one["b"]["claim"]["works_id"], one["facts"]["saving_eur"])
        for one in listed(demo_server, "conflicts", **window)
    ]
    trees = list(heaviest_trees(pairs))
    works = {works for a, b, _ in pairs for works in (a, b)}
    assert trees
    fewer = len(works) - len(trees)
    assert f"kunnen {len(works)} werken samen in {len(trees)} openingen: {fewer} keer minder graven, € {number(sum(trees))} bespaard" in said  # fmt: skip


def heaviest_trees(pairs: list[tuple[str, str, float]]) -> Iterator[float]:
    """Of each group of works that hang together, the most that its pairs save without a circle (Prim)."""
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for a, b, saving in pairs:
        near[a][b] = near[b][a] = max(saving, near[a].get(b, 0))
    waiting = set(near)
    while waiting:
        tree, total = {waiting.pop()}, 0.0
        while edges := [(near[a][b], b) for a in tree for b in near[a] if b not in tree]:
            saving, works = max(edges)
            tree.add(works)
            total += saving
        waiting -= tree
        yield total


def test_the_simulated_nights_are_those_of_the_command(play: Play) -> None:
    said = conclusion(play("06"))
    summary = json.loads((NOTEBOOKS / "data" / "simulated_nights.json").read_text(encoding="utf-8"))
    before, after = summary["without"], summary["with"]
    assert summary["made_by"].startswith("geo-service simulate --days 30 ")
    assert f"Zonder de dienst gingen {before['reopened']} van {before['repairs']} herstellingen weer open, met de dienst {after['reopened']} van {after['repairs']}." in said  # fmt: skip
    assert sum(before["reopened_by"].values()) == before["reopened"] > after["reopened"]
    bounds = re.search(r"tussen (\d+) en (\d+) %", said)
    assert bounds and int(bounds[1]) < 100 * (1 - after["reopened"] / before["reopened"]) < int(bounds[2])
    assert "te weinig voor een cijfer over een jaar" in said


def test_another_city_comes_in_row_by_row(play: Play) -> None:
    said = conclusion(play("07"))
    assert "Van 80 rijen werden er 80 opgenomen; 0 bleven weg" in said
    found = re.search(r"botsen (\d+) van de 14 geplande vernieuwingen.*?€ ([\d.]+) op het spel", said)
    assert found and 0 < int(found[1]) <= 14 and int(found[2].replace(".", "")) > 0
    counts = re.search(r"(\d+) vernieuwingen \(.*?(\d+) moeten later.*?bij (\d+) moet eerst", said, re.DOTALL)
    assert counts and int(counts[1]) < 14


def test_so_many_cities_have_so_many_times_the_pairs_of_one(play: Play, city_claims: Path) -> None:
    said = conclusion(play("08"))
    city = dataset.read(city_claims)
    one = engines.by_sedonadb(city).num_rows
    assert one > 100
    assert f"In {number(3 * city.claims)} beslagen vindt SedonaDB {number(3 * one)} paren in " in said
    assert f"precies 3 keer de {number(one)} paren van één stad" in said
