"""The bill of materials of a release: what CycloneDX asks, and nothing that we ship left out."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts import sbom
from tests.conftest import PROJECT, unavailable

VIEWER = PROJECT / "geo_service" / "viewer"


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    """The bill as `make sbom` writes it."""
    own = PROJECT / ".tools" / "uv" / "bin"
    if not (own / "uv").exists() and shutil.which("uv") is None:
        unavailable("uv")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PATH", f"{os.environ['PATH']}:{own}")
        return sbom.document()


def test_it_is_cyclonedx(bill: dict[str, Any]) -> None:
    few = [
        {**one, "externalReferences": one.get("externalReferences", [])[: 2 if place < 5 else 0]}
        for place, one in enumerate(bill["components"])
    ]  # the validator takes a tenth of a second for an address, and there are 2,500
    validator = JsonStrictValidator(SchemaVersion.V1_5)
    assert validator.validate_str(json.dumps({**bill, "components": few})) is None
    assert validator.validate_str(json.dumps({**bill, "components": [{"name": "x"}]})) is not None


def test_it_names_every_package_by_its_hash_and_nothing_of_the_tests(bill: dict[str, Any]) -> None:
    packages = {one["name"]: one for one in bill["components"] if one.get("purl", "").startswith("pkg:pypi/")}
    assert {"fastapi", "psycopg", "shapely", "weasyprint"} <= packages.keys()
    assert not {"pytest", "playwright", "mypy", "sedonadb"} & packages.keys()
    for package in packages.values():
        files = package["externalReferences"]
        assert files and all(file["hashes"][0]["alg"] == "SHA-256" for file in files), package["name"]
    assert packages["fastapi"]["licenses"] == [{"expression": "MIT"}]


def test_it_names_every_file_that_the_viewer_brings_along(bill: dict[str, Any]) -> None:
    files = {
        file["name"]: file["hashes"][0]["content"]
        for component in bill["components"]
        for file in component.get("components", ())
    }
    vendored = {
        path.relative_to(VIEWER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("vendor", "fonts")
        for path in (VIEWER / "static" / folder).rglob("*")
        if path.is_file() and path.suffix != ".txt"
    }
    assert files == vendored
    by_name = {one["name"]: one for one in bill["components"]}
    assert by_name["maplibre-gl"]["purl"].startswith("pkg:npm/maplibre-gl@")
    assert by_name["maplibre-gl"]["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]


def test_what_the_project_needs_is_in_its_graph(bill: dict[str, Any]) -> None:
    graph = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    refs = {one["bom-ref"] for one in bill["components"]}
    own = graph[bill["metadata"]["component"]["bom-ref"]]
    assert refs <= graph.keys()
    assert any(ref.startswith("fastapi") for ref in own) and any(ref.startswith("viewer:") for ref in own)
