"""What a city's own file says (`data/cities/*.toml`): which layer works open by its owners' habits and words, and their order."""

from __future__ import annotations

import functools
import os
import re
import tomllib
from pathlib import Path
from typing import Any, cast

import geo_service
from geo_service.domain.layers import LAYERS, Layer, LayerTable

FOLDERS = (Path("data/cities"), Path(geo_service.__file__).parent.parent / "data" / "cities")


DEFAULT = "flanders"


class CityFileWrong(ValueError):
    """The city's file cannot be used; the message says what in it."""


def in_force() -> LayerTable:
    """The layers as the city of this process knows them (setting `GEO_CITY_FILE`)."""
    return layers(os.environ.get("GEO_CITY_FILE") or DEFAULT)


@functools.cache
def layers(name: str = DEFAULT) -> LayerTable:
    """The layers as the city `name` knows them, or as the file at that path says. Raises CityFileWrong."""
    path = _path(name)
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))["layers"]
        ranks = {layer: place for place, rank in enumerate(told["order"], start=1) for layer in rank}
        table = LayerTable(
            ranks,
            *(tuple(tuple(row) for row in told.get(part, ())) for part in ("words", "owners", "references")),
        )
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as wrong:
        raise CityFileWrong(f"{path}: {wrong}") from wrong
    _check(path, table)
    return table


def _path(name: str) -> Path:
    given = Path(name)
    if given.suffix == ".toml" and given.is_file():
        return given
    found = [folder / f"{name}.toml" for folder in FOLDERS if (folder / f"{name}.toml").is_file()]
    if not found:
        raise CityFileWrong(f"there is no city {name} in {FOLDERS[-1]}")
    return found[0]


def _check(path: Path, table: LayerTable) -> None:
    if unplaced := [layer for layer in LAYERS if layer not in table.ranks]:
        raise CityFileWrong(f"{path}: order: has no place for {', '.join(unplaced)}")
    rows: list[tuple[Any, ...]] = [*table.words, *table.owners, *table.references]
    if unknown := sorted({*table.ranks, *(row[0] for row in rows)} - set(LAYERS)):
        raise CityFileWrong(f"{path}: there is no layer {unknown[0]}; there are: {', '.join(LAYERS)}")
    for row in rows:
        for pattern in row[1:]:
            try:
                re.compile(cast(str, pattern))
            except re.error as wrong:
                raise CityFileWrong(f"{path}: {cast(Layer, row[0])}: {pattern}: {wrong}") from wrong
