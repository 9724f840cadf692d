"""Records of works of another city, and the mapping that reads them."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.intake.innames import ground

Rows = Callable[[str], list[Any]]

BRUSSELS = ZoneInfo("Europe/Brussels")

WORKS = """
about = "test"
source = "elsewhere"
target = "works"
[fields]
id = { from = ["Nr"] }
owner = { from = ["Maître", "Autre"] }
title = { from = ["Titre"] }
starts_on = { from = ["Début"] }
ends_on = { from = ["Fin"] }
status = { from = ["Statut"] }
type = { from = ["Nature"] }
utilities = { from = ["Réseaux"], separator = "," }
[dates]
formats = ["%d/%m/%Y", "%d-%m-%Y", "iso"]
empty = ["", "00000000000000.000"]
[status]
"Autorisé" = "confirmed"
"Vergund" = "confirmed"
[type]
"Fouille" = { kind = "groundworks", opens_surface = true }
[[skip]]
field = "Nature"
is = ["Constat"]
code = "finding"
message = "a finding, no works"
"""


def record(nr: int | str | None = 1, x: float = 0, **more: Any) -> dict[str, Any]:
    properties = {
        "Nr": nr, "Maître": "Vivaqua", "Titre": "Rue Haute", "Début": "01/10/2026", "Fin": "10-10-2026", "Statut": "Autorisé",
        "Nature": "Fouille", "Réseaux": "eau, gaz", "Responsable": "Jan Peeters",
    }  # fmt: skip
    return {"type": "Feature", "geometry": ground(x), "properties": {**properties, **more}}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A file of features, plain or `.gz`."""

    def file(*features: Any, name: str = "works.geojson") -> Path:
        text = json.dumps({"type": "FeatureCollection", "features": features})
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode(), mtime=0) if name.endswith(".gz") else text.encode())
        return path

    return file


@pytest.fixture
def told(tmp_path: Path) -> str:
    """The path of the mapping above."""
    path = tmp_path / "elsewhere.toml"
    path.write_text(WORKS, encoding="utf-8")
    return str(path)
