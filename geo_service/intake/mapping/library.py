"""The mapping files on disk: those of the project, and those that a path names."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from pydantic import Field

from geo_service.data_places import CHECKOUT, INSTALLED
from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats.raw_record import Form, ReadOptions
from geo_service.intake.mapping.definition import UNDECIDED, Mapping, parse_mapping, readable
from geo_service.intake.mapping.tables import Table

OWN = "mappings"
"""The folder of the city's own mappings, below the home of the settings."""
FOLDERS = tuple(folder / "data" / "mappings" for folder in (Path(), CHECKOUT, INSTALLED))


def names() -> list[str]:
    """The names of the project's mappings."""
    return sorted({path.stem for folder in FOLDERS for path in folder.glob("*.toml")})


def load_mapping(name: str, home: Path | None = None) -> Mapping:
    """The mapping called `name`, of the project or of the city (below `home`), or in the file `name`. Raises InvalidInput about `mapping`,
    with each error in it.
    """
    path = _path_of(name, home)
    try:
        return decided(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise InvalidInput.one("mapping", "mapping_no_text", given=path.name, error=str(error)) from error


def decided(text: str, name: str) -> Mapping:
    """The mapping of this TOML, in which nothing is left for a person to decide. Raises InvalidInput about `mapping`."""
    mapping = parse_mapping(text, name)
    if undecided := [name for name, value in mapping.constants.items() if value == UNDECIDED]:
        raise InvalidInput.one("mapping", "mapping_undecided", open=undecided, file=name, undecided=UNDECIDED)
    return mapping


def keep(home: Path, name: str, text: str) -> None:
    """Keep a mapping of the city below `home`; an older one of this name is replaced. Raises InvalidInput for a name of the project's."""
    if name in names():
        raise InvalidInput.one("mapping", "mapping_name_taken", given=name)
    folder = home / OWN
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{name}.{os.getpid()}"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(folder / f"{name}.toml")


def load_for(target: str, name: str | None, home: Path | None = None) -> Mapping:
    """The mapping called `name`, whose records become `target`. Raises InvalidInput about `mapping`."""
    if not name:
        choices = ", ".join(one for one in names() if load_mapping(one).target == target)
        raise InvalidInput.one("mapping", "required.mapping", known=choices, target=target)
    mapping = load_mapping(name, home)
    if mapping.target != target:
        raise InvalidInput.one("mapping", "mapping_target", given=name, makes=mapping.target, wanted=target)
    return mapping


class _Partial(Table):
    """A mapping with read options only, for which the assistant proposes the rest."""

    form: Form | None = None
    layer: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = Field(1, ge=1)
    items: str = "records"
    crs: int | None = None


def load_partial(name: str) -> ReadOptions | None:
    """The read options of a mapping that holds nothing else; None for a full mapping. Raises InvalidInput
    about `mapping`.
    """
    path = _path_of(name)
    with readable(path.name):
        document = tomllib.loads(path.read_bytes().decode("utf-8", "replace"))
        if not document.keys() <= _Partial.model_fields.keys():
            return None
        return ReadOptions(**_Partial.model_validate(document).model_dump())


def _path_of(name: str, home: Path | None = None) -> Path:
    """The path of a mapping. Raises InvalidInput about `mapping` when there is none of this name."""
    folders = (*FOLDERS, home / OWN) if home else FOLDERS
    places = (Path(name), *(folder / f"{name}.toml" for folder in folders))
    path = next((one for one in places if one.is_file()), None)
    if path is None:
        choices = ", ".join(names())
        raise InvalidInput.one("mapping", "mapping_unknown", given=name, known=choices)
    return path
