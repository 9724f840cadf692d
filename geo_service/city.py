"""The files of cities (`data/cities/*.toml`): a name, or the path of such a file, into a `City`."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from geo_service.data_places import CHECKOUT, INSTALLED
from geo_service.domain.city import City, InvalidCity, read

FOLDERS = tuple(folder / "data" / "cities" for folder in (Path(), CHECKOUT, INSTALLED))
DEFAULT = "flanders"


def load(name: str = DEFAULT) -> City:
    """Return the city of this name, or of the file at this path. Raises InvalidCity."""
    return _read(name)[1]


def content(name: str = DEFAULT) -> dict[str, Any]:
    """Return what the file says, with the sections of its `base` that it does not have; it is read once per process. Raises InvalidCity."""
    return _read(name)[0]


@functools.cache
def _read(name: str) -> tuple[dict[str, Any], City]:
    path = _path(name)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        if "base" in tables:
            tables = {**content(tables.pop("base")), **tables}
        return tables, read(tables)
    except (InvalidCity, tomllib.TOMLDecodeError) as error:
        raise InvalidCity(f"{path}: {error}") from error


def _path(name: str) -> Path:
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path
    for folder in FOLDERS:
        if (folder / f"{name}.toml").is_file():
            return folder / f"{name}.toml"
    raise InvalidCity(f"there is no city {name} in {FOLDERS[-1]}")
