"""A client that may read the demo city, and the notebooks run against it in one kernel."""

from __future__ import annotations

import os
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient

from geo_service import db
from geo_service.analysis import dataset
from geo_service.client import Client
from geo_service.cluster import Cluster
from geo_service.store import rules
from tests.serving import PERSONAL_KEY, TODAY, Service

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
Notebook = nbformat.NotebookNode
Play = Callable[[str], Notebook]
LONGEST_S = 300
"""What a cell may take (s)."""


@pytest.fixture
def client(demo_server: Service) -> Iterator[Client]:
    """With the key of a viewer."""
    with Client(demo_server.url, demo_server.keys["viewer"]) as client:
        yield client


@pytest.fixture(scope="module")
def city_claims(demo_server: Service, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The claims of the demo city, as `batch claims` writes them."""
    folder = tmp_path_factory.mktemp("batch") / "claims"
    with db.scratch(demo_server.engine) as conn:
        in_force = [rules.from_row(row) for row in rules.in_force(conn)]
        dataset.write(conn, folder, TODAY, rules.load_parameters(conn).unsure_clearance_m, in_force)
    return folder


@pytest.fixture(scope="module")
def play(demo_server: Service, cluster: Cluster, template: str, city_claims: Path) -> Iterator[Play]:
    """Run a notebook by the beginning of its name, once. All share one kernel, which forgets the names of the one before."""
    own_city = f"own_city_{uuid.uuid4().hex[:12]}"
    environment = os.environ | {
        "GEO_CLIENT_URL": demo_server.url,
        "GEO_CLIENT_KEY": demo_server.keys["viewer"],
        "GEO_CLIENT_KEY_COORDINATOR": demo_server.keys["coordinator"],
        "GEO_DATABASE_URL": cluster.create_database(own_city, template),
        "GEO_PERSONAL_KEY": PERSONAL_KEY,
        "GEO_CLAIMS": str(city_claims),
        "GEO_CITIES": "3",
        "GEO_SHARED": "nowhere",
        "GEO_TODAY": str(TODAY),
        "IPYTHONDIR": "/dev/null",
    }
    manager = AsyncKernelManager(kernel_name="python3")
    played: dict[str, Notebook] = {}

    def one(start: str) -> Notebook:
        if start not in played:
            [path] = NOTEBOOKS.glob(f"{start}*.ipynb")
            played[start] = run(path, manager, environment)
        return played[start]

    yield one
    with _calm():
        run_sync(manager.shutdown_kernel)(now=True)
    cluster.drop_database(own_city)


def run(path: Path, manager: AsyncKernelManager, environment: dict[str, str]) -> Notebook:
    """The notebook with its outputs, without the cell that forgets what was there before."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    with _calm():
        client = NotebookClient(notebook, km=manager, timeout=LONGEST_S)
        client.execute(cwd=str(NOTEBOOKS), env=environment)
        assert client.kc is not None
        client.kc.stop_channels()
    del notebook.cells[0]
    return notebook


def _calm() -> warnings.catch_warnings:
    """Warnings of Jupyter are no errors of ours."""
    return warnings.catch_warnings(action="default")
