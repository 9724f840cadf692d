"""Propose a mapping for a file, with the reasons, the doubts, and a preview of ten rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from geo_service.domain.errors import SourceUnreachable
from geo_service.i18n import Translator
from geo_service.intake.assistant import columns as guess
from geo_service.intake.assistant import meanings
from geo_service.intake.assistant.file_options import readable
from geo_service.intake.assistant.location import where
from geo_service.intake.assistant.meanings import DRAWING, Translate
from geo_service.intake.assistant.period import all_run, write_days
from geo_service.intake.assistant.preview import PreviewRow, first_rows
from geo_service.intake.assistant.toml_writer import as_toml
from geo_service.intake.formats import files
from geo_service.intake.formats.raw_record import InvalidRow, RawRecord, ReadOptions
from geo_service.intake.mapping.definition import RESERVED_NAMES, UNDECIDED
from geo_service.intake.records import Rejection
from geo_service.settings import Settings, today

LOOKED_AT = 2000
MOST_SHOWN = 40
FIELDS: dict[str, tuple[str, ...]] = {
    "works": ("id", "owner", "title", "description", "reference", "starts_on", "ends_on", "status", "type"),
    "repairs": ("id", "title", "description", "reported_at", "starts_on", "ends_on", "finished_on", "category", "urgency"),
}  # fmt: skip


KML = {"timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility"}
"""The columns that GDAL adds to every placemark; a moment without a span stands in `timestamp`."""
KML_MOMENT, KML_SPAN = "timestamp", {"starts_on": "begin", "ends_on": "end"}
DECISIVE = ("owner", "starts_on", "ends_on", "status", "type")
"""Fields for which another fitting column would change the works."""


@dataclass(slots=True)
class Proposal:
    """A mapping as TOML, the doubts about it, and a preview of the first rows."""

    text: str
    doubts: list[str] = field(default_factory=list)
    rows: list[PreviewRow] = field(default_factory=list)


def propose(
    origin: str,
    target: Literal["works", "repairs"],
    settings: Settings,
    conn: sa.Connection | None = None,
    translator: Translator | None = None,
    options: ReadOptions | None = None,
) -> Proposal:
    """Propose a mapping from the first rows of a file. It stores nothing and uses `conn` only to look up
    addresses. `translator` words the doubts, in the language of the settings by default. `options` holds
    read options that are already decided.

    Raises SourceUnreachable for an unreadable file, and InvalidInput when a layer or a sheet must be chosen
    first.
    """
    translator = translator or Translator(settings.language, today(settings))
    translate = translator.text
    how, doubts = readable(origin, options or ReadOptions(), translate)
    rows = list(islice(files.read(origin, how), LOOKED_AT))
    records = [one for one in rows if isinstance(one, RawRecord) and isinstance(_properties(one), dict)]
    if not records:
        raise _no_rows(origin, rows, translator)
    tables = _describe(origin, target, how, records, settings, doubts, translate)
    proposal = Proposal(as_toml(tables, doubts), doubts)
    proposal.rows = first_rows(origin, proposal.text, settings, conn, doubts, translator)
    return proposal


def _no_rows(origin: str, rows: Sequence[files.Row], translator: Translator) -> SourceUnreachable:
    """The error for a file without a readable row, with the reason of the first one."""
    first = next((row for row in rows if isinstance(row, InvalidRow)), None)
    if first is None:
        return SourceUnreachable("file_without_rows", file=Path(origin).name)
    rejection = Rejection(1, None, first.reason, first.field, first.params, first.line)
    why = translator.rejection(rejection.reason, rejection.message, rejection.params)
    return SourceUnreachable("file_without_rows.first", file=Path(origin).name, line=first.line, why=why)


def _properties(one: RawRecord) -> Any:
    return one.record.get("properties", one.record) if isinstance(one.record, dict) else None


def _describe(
    origin: str,
    target: str,
    how: ReadOptions,
    records: Sequence[RawRecord],
    settings: Settings,
    doubts: list[str],
    translate: Translate,
) -> dict[str, Any]:
    columns = guess.columns_of([_properties(one) for one in records])
    choices = guess.choose(columns, FIELDS[target])
    by_field = {field_name: choice.column for field_name, choice in choices.items()}
    unsure = _doubtful_fields(choices, doubts, translate)
    absent = [field_name for field_name in FIELDS[target] if field_name not in by_field]
    for field_name, column in guess.misfits(columns, absent).items():
        example = column.filled[0][:MOST_SHOWN]
        doubts.append(translate("assistant.misfit", field=field_name, column=column.name, example=example))
    tables: dict[str, Any] = {
        "about": translate("assistant.about", file=Path(origin).name),
        "source": _source_name(origin),
        "target": target,
        **_options(how),
        **where(origin, how, records, columns, settings, doubts, translate),
        "full": False,
        "fields": {field_name: {"from": [column.name]} for field_name, column in by_field.items()},
        "constants": {},
        "unsure": {("fields", field_name) for field_name in unsure},
        "is_drawing": {column.name for column in columns} >= DRAWING,
    }
    if not isinstance(records[0].record, dict) or "properties" not in records[0].record:
        tables["properties"] = ""
    if "title" not in by_field and "description" in by_field:
        tables["fields"]["title"] = tables["fields"]["description"]
    _id(tables, by_field, doubts, translate)
    if {column.name for column in columns} >= KML:
        _kml_days(tables, by_field)
    _owner(tables, target, by_field, settings, doubts, translate)
    write_days(tables, target, by_field, origin, doubts, translate)
    if target == "works":
        runs = "status" not in by_field and all_run(by_field, tables, today(settings))
        meanings.statuses(tables, by_field.get("status"), doubts, translate, runs=runs)
        meanings.kinds(tables, by_field.get("type"), doubts, translate)
    else:
        for field_name in meanings.REPAIR_WORDS:
            meanings.words_of_repairs(tables, field_name, by_field.get(field_name), doubts, translate)
    _unused_columns(tables, columns, doubts, translate)
    return tables


def _options(how: ReadOptions) -> dict[str, Any]:
    """The lines of a mapping that say how its file is built."""
    return {
        "form": how.form,
        "items": how.items if how.form == "records" else None,
        "encoding": how.encoding,
        "layer": how.layer,
        "sheet": how.sheet,
        "delimiter": how.delimiter,
        "header_row": how.header_row if how.header_row > 1 else None,
    }


def _kml_days(tables: dict[str, Any], by_field: dict[str, guess.Column]) -> None:
    """A placemark has a span or a moment: where its days come from the span, the moment stands in for it."""
    for field_name, end in KML_SPAN.items():
        if field_name in by_field and by_field[field_name].name == end:
            tables["fields"][field_name] = {"from": [end, KML_MOMENT]}


def _id(
    tables: dict[str, Any], by_field: dict[str, guess.Column], doubts: list[str], translate: Translate
) -> None:
    """Choose the column of ids: without one, a unique name column serves; otherwise a person decides."""
    title = by_field.get("title")
    if "id" in by_field:
        return
    if title is not None and len(set(title.filled)) == len(title.values):
        tables["fields"] = {"id": {"from": [title.name]}, **tables["fields"]}
        tables["unsure"].add(("fields", "id"))
        doubts.append(translate("assistant.id_name", column=title.name))
    else:
        doubts.append(translate("assistant.id"))
        tables["constants"]["id"] = UNDECIDED


def _unused_columns(
    tables: dict[str, Any], columns: Sequence[guess.Column], doubts: list[str], translate: Translate
) -> None:
    """Name the columns without a use, so that a person sees them."""
    used = {name for rule in tables["fields"].values() for name in rule["from"]} | set(
        tables.get("place", {}).values()
    )
    if tables["is_drawing"]:
        used |= DRAWING
    if {column.name for column in columns} >= KML:
        used |= KML
    if unused := [column.name for column in columns if column.name not in used and column.filled]:
        doubts.append(translate("assistant.unused", columns=meanings.word_list(unused)))


def _doubtful_fields(choices: dict[str, guess.Choice], doubts: list[str], translate: Translate) -> list[str]:
    """The fields whose column is only likely, or one of several."""
    unsure = []
    for field_name, choice in choices.items():
        others = choice.others if field_name in DECISIVE else ()
        if not choice.sure:
            doubts.append(translate("assistant.column", field=field_name, column=choice.column.name))
        elif others:
            parameters = {"columns": ", ".join(others), "column": choice.column.name}
            doubts.append(translate("assistant.columns_other", field=field_name, **parameters))
        if others or not choice.sure:
            unsure.append(field_name)
    return unsure


def _source_name(origin: str) -> str:
    name = Path(origin.split("?")[0]).name.split(".")[0].lower()
    plain = re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "file"
    return f"{plain}-file" if plain in RESERVED_NAMES else plain


def _owner(
    tables: dict[str, Any],
    target: str,
    by_field: dict[str, guess.Column],
    settings: Settings,
    doubts: list[str],
    translate: Translate,
) -> None:
    if target == "repairs":
        tables["constants"]["owner"] = settings.city_organisation
    elif "owner" not in by_field:
        doubts.append(translate("assistant.owner"))
        tables["constants"]["owner"] = UNDECIDED
