"""Mappings of small files, and what of them is stored."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.intake import papers

Rows = Callable[[str], list[Any]]
WITH_XY = papers.MAPPING.replace("status_default", 'place = { x = "X", y = "Y" }\nstatus_default')
DRAWN = """
about = "test"
source = "drawing"
target = "works"
status_default = "planned"
constants = { owner = "Aquafin", starts_on = "2026-10-01", ends_on = "2026-10-09" }
fields = { id = { from = ["handle"] }, group = { from = ["layer"] }, title = { from = ["layer"] }, type = { from = ["layer"] } }
type.RIOOL = { kind = "groundworks", opens_surface = true }
type.WERFZONE = { kind = "works", opens_surface = false }
"""
STORED = "SELECT source_id, o.name, round(ST_Area(p.geom)::numeric, 1)::text, round(ST_X(ST_Centroid(p.geom)))::int, p.during::text FROM works w JOIN phases p ON p.works_id = w.id JOIN organisations o ON o.id = w.owner_id ORDER BY 1"  # fmt: skip


def rows_of(area: str) -> list[Any]:
    return [
        (f"w{number + 1}", "Café De Kroon", area, 68_701 + 20 * number, "[2026-10-01,2026-10-10)")
        for number in range(3)
    ]


@pytest.fixture
def mapping(tmp_path: Path) -> Callable[..., str]:
    """A mapping file with `more` above its tables."""

    def write(text: str = papers.MAPPING, more: str = "") -> str:
        path = tmp_path / "papers.toml"
        path.write_text(text.replace("status_default", f"{more}\nstatus_default", 1), encoding="utf-8")
        return str(path)

    return write
