"""The definition of a mapping file in TOML: it says how the records of a city become works, repairs or base maps."""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from contextlib import contextmanager
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from geo_service import i18n
from geo_service.domain.errors import InvalidInput
from geo_service.domain.repairs import RepairCategory, Urgency
from geo_service.domain.works import Certainty
from geo_service.intake.formats.raw_record import Form, ReadOptions
from geo_service.intake.mapping.deadlines import LatestRule
from geo_service.intake.mapping.tables import (
    Dates,
    FieldRule,
    Place,
    RepairDefaults,
    SkipRule,
    Table,
    TypeRule,
)
from geo_service.intake.mapping.vocabulary import Vocabulary

__all__ = [
    "FIELDS",
    "REQUIRED",
    "RESERVED_NAMES",
    "UNDECIDED",
    "WORKS_TEXTS",
    "Dates",
    "FieldRule",
    "Mapping",
    "PavementKind",
    "Place",
    "SkipRule",
    "TypeRule",
    "parse_mapping",
    "readable",
]

Target = Literal["works", "repairs", "buildings", "pavements", "streets", "parcels", "addresses"]
WORKS_FIELDS = (
    "id", "group", "owner", "title", "description", "reference", "category", "utilities", "specification", "starts_on", "ends_on",
    "status", "type", "building", "working_days", "reported_at", "finished_on", "urgency", "remark",
)  # fmt: skip
WORKS_TEXTS = ("description", "reference", "category", "remark")
"""Fields of works that are stored under the same name, as the record has them."""
FIELDS: dict[str, tuple[str, ...]] = {
    "works": WORKS_FIELDS,
    "repairs": (*WORKS_FIELDS, "latest_on"),
    "buildings": ("id", "street", "house_number", "function", "name", "owner"),
    "pavements": ("id", "kind", "street", "side", "number_from", "number_to", "material", "laid_on"),
    "streets": ("id", "name", "name_right"),
    "parcels": ("id",),
    "addresses": ("id", "street", "house_number"),
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "works": ("id", "owner"), "repairs": ("id", "owner"), "streets": ("id", "name"), "addresses": ("id", "street", "house_number"),
}  # fmt: skip
RESERVED_NAMES = ("gipod", "gipod-excel", "gipod-ldes", "open311", "grb", "osm", "api")
"""Names of the project's own sources: a mapping with such a name would mark their records as vanished."""
FREE_TEXTS = ("title", "description", "reference", "remark")
PavementKind = Literal["footpath", "cycle_path", "carriageway", "corridor", "kerb"]


_AT = re.compile(r"at line (\d+), column (\d+)")
UNDECIDED = "?"
"""The assistant's placeholder where a person must decide."""


class Mapping(Table):
    """One mapping file. A property inside nested objects has a name with dots (`location.geometry`)."""

    about: str
    source: str
    target: Target
    form: Form | None = None
    """The form of the file; when omitted, its first bytes and its name decide."""
    layer: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = Field(1, ge=1)
    items: str = "records"
    crs: int | None = None
    """The EPSG code of the coordinates; if the file names one too, both must agree."""
    properties: str = "properties"
    """The path of a record's properties; empty: the record itself."""
    geometry: str = "geometry"
    place: Place | None = None
    full: bool = True
    """Whether each file is complete, so that an absent record has vanished."""
    fields: Dict[str, FieldRule] = {}
    constants: Dict[str, str] = {}
    dates: Dates = Dates()
    status: Dict[str, Certainty] = {}
    status_default: Certainty | None = None
    type: Dict[str, TypeRule] = {}
    type_default: TypeRule | None = None
    category: Dict[str, RepairCategory] = {}
    urgency: Dict[str, Urgency] = {}
    latest: tuple[LatestRule, ...] = ()
    repair: RepairDefaults = RepairDefaults()
    function: Dict[str, str] = {}
    kind: Dict[str, PavementKind] = {}
    kind_default: PavementKind | None = None
    strip_m: float | None = Field(None, gt=0, le=20)
    """The assumed width of pavement that is drawn as lines (m). Its sections are marked as derived."""
    skip: tuple[SkipRule, ...] = ()
    keep: tuple[str, ...] = ()
    """Further properties to store with the record; all others that the mapping does not read are dropped."""
    meaning: str = ""

    @model_validator(mode="after")
    def _enough(self) -> Self:
        present = self.fields.keys() | self.constants.keys()
        if unknown := present - set(FIELDS[self.target]):
            raise i18n.finding("mapping_fields_unknown", fields=", ".join(sorted(unknown)))
        if missing := set(REQUIRED.get(self.target, ("id",))) - present:
            raise i18n.finding("mapping_fields_missing", fields=", ".join(sorted(missing)))
        if self.latest and self.target != "repairs":
            raise i18n.finding("latest_of_repairs")
        return self

    def how(self) -> ReadOptions:
        """The read options for the readers of files."""
        return ReadOptions(
            self.form,
            self.layer,
            self.encoding,
            self.delimiter,
            self.sheet,
            self.header_row,
            self.items,
            self.crs,
        )

    @property
    def says_latest(self) -> bool:
        """Whether the source names the latest day of its repairs."""
        return bool(self.latest) or "latest_on" in self.fields or "latest_on" in self.constants

    @functools.cached_property
    def statuses(self) -> Vocabulary[Certainty]:
        """The words of `[status]`."""
        return Vocabulary(self.status)

    @functools.cached_property
    def types(self) -> Vocabulary[TypeRule]:
        """The words of `[type]`."""
        return Vocabulary(self.type)

    @functools.cached_property
    def categories(self) -> Vocabulary[RepairCategory]:
        """The words of `[category]`."""
        return Vocabulary(self.category)

    @functools.cached_property
    def urgencies(self) -> Vocabulary[Urgency]:
        """The words of `[urgency]`."""
        return Vocabulary(self.urgency)

    @functools.cached_property
    def kinds(self) -> Vocabulary[PavementKind]:
        """The words of `[kind]`."""
        return Vocabulary(self.kind)

    @functools.cached_property
    def functions(self) -> Vocabulary[str]:
        """The words of `[function]`."""
        return Vocabulary(self.function)

    @functools.cached_property
    def read_properties(self) -> tuple[str, ...]:
        """Every property that this mapping reads or keeps."""
        read = [name for rule in self.fields.values() for name in rule.from_]
        place = self.place.columns() if self.place else ()
        return tuple(dict.fromkeys([*read, *place, *(rule.field for rule in self.skip), *self.keep]))

    @functools.cached_property
    def free_texts(self) -> frozenset[str]:
        """The properties with free text."""
        columns = (self.fields[name].from_ for name in FREE_TEXTS if name in self.fields)
        return frozenset(name for names in columns for name in names)


def parse_mapping(text: str, name: str) -> Mapping:
    """Parse the TOML of a mapping. Raises InvalidInput about `mapping`."""
    with readable(name):
        document: dict[str, Any] = tomllib.loads(text)
        if (source := document.get("source")) in RESERVED_NAMES:
            raise InvalidInput.one("mapping", "mapping_source_taken", given=name, source=source)
        return Mapping.model_validate({**document, "meaning": hashlib.sha256(text.encode()).hexdigest()})


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Convert errors of TOML and of validation to InvalidInput about `mapping`."""
    try:
        yield
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line, column = at.groups() if at else (None, None)
        raise InvalidInput.one(
            "mapping", "mapping_no_toml", line=line, column=column, given=name, error=str(error)
        ) from error
    except ValidationError as error:
        findings = i18n.findings_of(
            error.errors(include_url=False, include_input=False), lambda at: ".".join(map(str, at))
        )
        raise InvalidInput.one("mapping", "mapping_invalid", given=name, findings=findings) from error
