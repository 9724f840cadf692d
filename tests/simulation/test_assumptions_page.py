"""The page of the simulated year lists every assumption with its value."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

from geo_service.simulation.assumptions import Assumptions

PAGE = Path(__file__).parents[2] / "docs" / "simulation.md"
ROW = re.compile(r"^\| `(\w+)` \| ([\d.]+) \| .+ \|$", re.MULTILINE)


def test_every_assumption_is_listed_with_its_value() -> None:
    rows = {name: float(value) for name, value in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    assert rows == asdict(Assumptions())
