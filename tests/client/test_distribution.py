"""The client as its own distribution: the wheel, in an environment without the service, against the running service."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, unavailable
from tests.serving import Service

PACKAGE = PROJECT / "packages" / "client" / "geo_service_client"
PROGRAM = """
import importlib.metadata, json, os, sys
from geo_service_client import Client

with Client(os.environ["URL"], os.environ["KEY"]) as client:
    repairs = client.repairs().to_crs(31370)[["scope", "category", "urgency", "geometry"]]
    advice = client.advice(repairs.head(20))
print(json.dumps({
    "repairs": len(repairs), "advice": int(advice.verdict.notna().sum()), "errors": int(advice.error.notna().sum()),
    "distributions": sorted(one.name.lower() for one in importlib.metadata.distributions()),
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""


@pytest.fixture(scope="module")
def uv() -> str:
    found = shutil.which("uv", path=f"{os.environ['PATH']}:{PROJECT / '.tools' / 'uv' / 'bin'}")
    return found or unavailable("uv")


def run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel and what it needs, in the versions of the lock."""
    folder = tmp_path_factory.mktemp("client")
    run(uv, "build", "--quiet", "--wheel", "--package", "geo-service-client", "--out-dir", folder)
    [wheel] = folder.glob("*.whl")
    needs = folder / "requirements.txt"
    run(uv, "export", "--quiet", "--frozen", "--package", "geo-service-client", "--no-dev", "--no-emit-workspace", "--output-file", needs)  # fmt: skip
    run(uv, "venv", "--quiet", "--python", sys.executable, folder / "venv")
    python = folder / "venv" / "bin" / "python"
    run(uv, "pip", "install", "--quiet", "--python", python, "--requirements", needs)
    run(uv, "pip", "install", "--quiet", "--python", python, "--no-deps", wheel)
    return python


def test_the_wheel_works_without_the_service(demo_server: Service, python: Path) -> None:
    said = json.loads(run(python, "-I", "-c", PROGRAM, URL=demo_server.url, KEY=demo_server.keys["viewer"]))

    assert said["repairs"] > 20
    assert said["advice"] == 20 and said["errors"] == 0
    assert "geo-service-client" in said["distributions"]
    assert not {"geo-service", "fastapi", "sqlalchemy", "psycopg", "folium"} & set(said["distributions"])
    assert not {"geo_service", "folium"} & set(said["modules"])


def test_a_map_without_folium_says_what_is_missing(python: Path) -> None:
    program = "from geo_service_client import Client\nClient('http://127.0.0.1:9', 'gs_').map()"
    done = subprocess.run([python, "-I", "-c", program], capture_output=True, text=True)
    assert "geo-service-client[map]" in done.stderr


def test_the_client_imports_nothing_of_the_service() -> None:
    found = {
        name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not {name for name in found if name.partition(".")[0] == "geo_service"}


def test_what_is_exported_is_the_same_under_both_names() -> None:
    import geo_service_client

    from geo_service import client

    assert client.__all__ == geo_service_client.__all__
    assert all(getattr(client, name) is getattr(geo_service_client, name) for name in client.__all__)
