"""The mapping files on disk: those of the project, and those that a path names."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import Field

from geo_service.data_places import CHECKOUT, INSTALLED
from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats.raw_record import Form, ReadOptions
from geo_service.intake.mapping.definition import UNDECIDED, Mapping, parse_mapping, readable
from geo_service.intake.mapping.tables import Table

FOLDERS = tuple(folder / "data" / "mappings" for folder in (Path(), CHECKOUT, INSTALLED))


def names() -> list[str]:
    """The names of the project's mappings."""
    return sorted({path.stem for folder in FOLDERS for path in folder.glob("*.toml")})


def load_mapping(name: str) -> Mapping:
    """The mapping called `name`, or in the file `name`. Raises InvalidInput about `mapping`, with each error
    in it.
    """
    path = _path_of(name)
    try:
        mapping = parse_mapping(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise InvalidInput.one("mapping", "mapping_no_text", given=path.name, error=str(error)) from error
    if undecided := [name for name, value in mapping.constants.items() if value == UNDECIDED]:
        raise InvalidInput.one(
            "mapping", "mapping_undecided", open=undecided, file=path.name, undecided=UNDECIDED
        )
    return mapping


def load_for(target: str, name: str | None) -> Mapping:
    """The mapping called `name`, whose records become `target`. Raises InvalidInput about `mapping`."""
    if not name:
        choices = ", ".join(one for one in names() if load_mapping(one).target == target)
        raise InvalidInput.one("mapping", "required.mapping", known=choices, target=target)
    mapping = load_mapping(name)
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


def _path_of(name: str) -> Path:
    """The path of a mapping. Raises InvalidInput about `mapping` when there is none of this name."""
    path = next(
        (one for one in (Path(name), *(folder / f"{name}.toml" for folder in FOLDERS)) if one.is_file()), None
    )
    if path is None:
        choices = ", ".join(names())
        raise InvalidInput.one("mapping", "mapping_unknown", given=name, known=choices)
    return path
