"""Writes the bill of materials of a release, as CycloneDX JSON: the locked Python packages, and the files that the viewer brings along.

    make sbom                                # dist/geo-service-VERSION.cdx.json
    .venv/bin/python scripts/sbom.py FILE    # elsewhere

uv knows the packages, their files and who needs whom; the table of `geo_service/viewer/README.md` is the list of what the viewer vendors.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from rich.console import Console

PROJECT = Path(__file__).parent.parent
VENDORED = PROJECT / "geo_service" / "viewer" / "README.md"
NPM_PACKAGE = re.compile(r"npm package `([^`]+)")

Component = dict[str, Any]


def document() -> dict[str, Any]:
    """The bill of materials. Raises CalledProcessError when the lock does not hold."""
    words = ["uv", "export", "--quiet", "--frozen", "--no-dev", "--format", "cyclonedx1.5"]
    exported = subprocess.run(words, cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(exported)
    for package in found["components"]:
        package.update(_licence_of(package["name"]))
    viewer = list(vendored(VENDORED.read_text(encoding="utf-8")))
    found["components"] += viewer
    project = found["metadata"]["component"]["bom-ref"]
    needs = next(one for one in found["dependencies"] if one["ref"] == project)
    needs.setdefault("dependsOn", []).extend(one["bom-ref"] for one in viewer)
    found["dependencies"] += [{"ref": one["bom-ref"]} for one in viewer]
    return found


def _licence_of(package: str) -> Component:
    """The licence that an installed package states as an SPDX expression; nothing when it states none or is for another system."""
    try:
        expression = metadata.metadata(package).json.get("license_expression")
    except metadata.PackageNotFoundError:
        return {}
    return {"licenses": [{"expression": expression}]} if expression else {}


def vendored(readme: str) -> Iterator[Component]:
    """A component per name in the table of vendored files, with a component per file in it."""
    component: Component | None = None
    for line in readme.splitlines():
        cells = [cell.strip(" `") for cell in line.strip()[1:-1].split("|")]
        if len(cells) != 6 or not cells[4].startswith("static/"):
            continue
        name, version, licence, source, path, digest = cells
        if name:
            if component:
                yield component
            component = _component(name, version, licence.split()[0], source)
        assert component is not None  # the first row of the table has a name
        hashes = [{"alg": "SHA-256", "content": digest}]
        component["components"].append({"type": "file", "name": path, "hashes": hashes})
    if component:
        yield component


def _component(name: str, version: str, licence: str, source: str) -> Component:
    npm = NPM_PACKAGE.search(source)
    found: Component = {
        "type": "library",
        "bom-ref": f"viewer:{name}",
        "name": npm[1] if npm else name,
        "licenses": [{"license": {"id": licence}}],
        "components": [],
    }
    if npm:  # a font has no number
        found |= {"version": version, "purl": f"pkg:npm/{npm[1]}@{version}"}
    return found


def main() -> None:
    """Write the file."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = PROJECT / "dist" / f"geo-service-{metadata.version('geo-service')}.cdx.json"
    given.add_argument("file", type=Path, nargs="?", default=default)
    file: Path = given.parse_args().file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document(), indent=1) + "\n", encoding="utf-8")
    Console().print(str(file), soft_wrap=True)


if __name__ == "__main__":
    main()
