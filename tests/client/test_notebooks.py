"""Each notebook runs from top to bottom against the service with the demo city, and is stored without outputs."""

import re
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


def run(path: Path, server: Service, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    monkeypatch.setenv("GEO_CLIENT_URL", server.url)
    monkeypatch.setenv("GEO_CLIENT_KEY", server.keys["viewer"])
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    ).execute()
    return notebook


@pytest.mark.filterwarnings("default")
def test_the_first_look_ends_with_a_conclusion_from_the_data(
    demo_server: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = run(FOLDER / "01_first_look.ipynb", demo_server, monkeypatch)
    said = notebook.cells[-1].outputs[0].data["text/markdown"]
    assert re.search(r"€ [1-9][\d,]* is at risk in [1-9]\d* repairs", said)
    assert re.search(r"Begin with C-\d+", said)
    assert any("leaflet" in str(cell.outputs) for cell in notebook.cells if cell.cell_type == "code")
