"""Reads files that are more than they seem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geo_service.intake.formats import files
from geo_service.intake.formats.raw_record import ReadOptions


def read(path: Path, **how: Any) -> list[Any]:
    return list(files.read(str(path), ReadOptions(**how)))
