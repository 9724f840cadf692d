"""Each notebook runs from top to bottom against the service with the demo city, and is stored without outputs."""

import re
import warnings
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.serving import Service

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.fixture(scope="module")
def ran(demo_server: Service) -> nbformat.NotebookNode:
    """The first look, from top to bottom."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("default")
        return run(FOLDER / "01_first_look.ipynb", demo_server, patch)


def run(path: Path, server: Service, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    monkeypatch.setenv("GEO_CLIENT_URL", server.url)
    monkeypatch.setenv("GEO_CLIENT_KEY", server.keys["viewer"])
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    ).execute()
    return notebook


def test_the_first_look_ends_with_a_conclusion_from_the_data(
    demo_server: Service, ran: nbformat.NotebookNode
) -> None:
    said = ran.cells[-1].outputs[0].data["text/markdown"]
    assert any("leaflet" in str(cell.outputs) for cell in ran.cells if cell.cell_type == "code")
    assert re.search(r"Begin with C-\d+", said)

    with demo_server.as_("viewer") as viewer:
        found = viewer.get("/api/v1/conflicts", params={"limit": 1000}).json()["items"]
        repairs = viewer.get("/api/v1/repairs", params={"limit": 1000}).json()["items"]
    finished = {repair["id"] for repair in repairs if repair["status"] == "done"}
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
    assert f"€ {total:,.0f} is at risk in {len(to_do)} repairs" in said
    assert f"€ {most:,.0f} ({most / total:.0%}), is with {group}" in said
    assert f"{len(largest) - len(to_do)} surfaces that are finished" in said
    for rule, words in (("shared_trench", "open a street once"), ("repair_in_wake", "reinstatement of works")):  # fmt: skip
        savings = [one["facts"]["saving_eur"] for one in found if one["rule"] == rule]
        assert re.search(rf"{words}[^.]*: {len(savings)}, worth € {sum(savings):,.0f}", said), said


def test_a_bar_in_a_notebook_needs_nothing_else_and_ends_with_what_came_in(ran: nbformat.NotebookNode) -> None:  # fmt: skip
    outputs = [output for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "stream"] == []
    told = [str(output.data["text/html"]) for output in outputs if "text/html" in output.get("data", {})]
    for name in ("works", "repairs", "conflicts", "pavements"):
        assert any(re.fullmatch(rf"<small>{name} · [\d.]+ [kM]B</small>", one) for one in told), told
