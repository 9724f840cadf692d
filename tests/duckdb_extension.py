"""Extensions of DuckDB from packages: put where `INSTALL` keeps what it downloads, so that tests need no network."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import duckdb


def put(name: str, home: Path) -> None:
    """Put an extension into the home of whoever runs DuckDB."""
    [(platform,)] = duckdb.sql("PRAGMA platform").fetchall()
    target = home / ".duckdb" / "extensions" / f"v{duckdb.__version__}" / platform
    target.mkdir(parents=True)
    spec = find_spec(f"duckdb_extension_{name}")
    assert spec is not None and spec.submodule_search_locations
    [file] = Path(spec.submodule_search_locations[0]).rglob(f"{name}.duckdb_extension")
    shutil.copy(file, target)
