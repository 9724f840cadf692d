"""Propose a mapping for a file: what its columns seem to mean, why, and ten of its rows as they would be read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from geo_service.domain import geometry
from geo_service.domain.crs import NAMES, WGS84
from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.i18n import Speaker
from geo_service.intake.assistant import columns as guess
from geo_service.intake.assistant import meanings
from geo_service.intake.assistant.meanings import DRAWING, Say
from geo_service.intake.assistant.shown import Shown, first_rows
from geo_service.intake.assistant.toml import as_toml
from geo_service.intake.formats import files
from geo_service.intake.formats.given import Given, How
from geo_service.intake.sources.mapping import TAKEN, UNDECIDED
from geo_service.intake.sources.places import GEOJSON_FORMS, first_place
from geo_service.settings import Settings, today

LOOKED_AT = 2000
MOST_SHOWN = 40
FIELDS: dict[str, tuple[str, ...]] = {
    "works": ("id", "owner", "title", "description", "reference", "starts_on", "ends_on", "status", "type"),
    "repairs": (
        "id",
        "title",
        "description",
        "reported_at",
        "starts_on",
        "ends_on",
        "finished_on",
        "category",
    ),
}


DECISIVE = ("owner", "starts_on", "ends_on", "status", "type")
"""Where another column that fits as well would make other works of the rows."""


@dataclass(slots=True)
class Proposal:
    """A mapping as TOML, the doubts about it, and how the first rows would come in."""

    text: str
    doubts: list[str] = field(default_factory=list)
    rows: list[Shown] = field(default_factory=list)


def propose(
    origin: str,
    target: Literal["works", "repairs"],
    settings: Settings,
    conn: sa.Connection | None = None,
    speaker: Speaker | None = None,
) -> Proposal:
    """Look at the beginning of a file. Nothing is stored; `conn` is only asked for addresses. Doubts are said by `speaker`, or in the
    language of the settings.

    Raises SourceUnreachable when it cannot be read, and InvalidInput when it must first be said which part of it (layer, sheet).
    """
    speaker = speaker or Speaker(settings.language, today(settings))
    say = speaker.say
    how, doubts = _readable(origin, say)
    looked = list(islice(files.read(origin, how), LOOKED_AT))
    given = [one for one in looked if isinstance(one, Given) and isinstance(_properties(one), dict)]
    if not given:
        raise SourceUnreachable(
            f"{Path(origin).name} has no rows that could be read",
            reason="file_without_rows",
            file=Path(origin).name,
        )
    told = _described(origin, target, how, given, settings, doubts, say)
    proposal = Proposal(as_toml(told, doubts), doubts)
    proposal.rows = first_rows(origin, proposal.text, settings, conn, doubts, speaker)
    return proposal


def _properties(one: Given) -> Any:
    return one.record.get("properties", one.record) if isinstance(one.record, dict) else None


def _readable(origin: str, say: Say) -> tuple[How, list[str]]:
    """How the file lets itself be read; its encoding is found out, as the person will see the texts."""
    how = How()
    for encoding in (None, "cp1252"):
        how = dataclasses.replace(how, encoding=encoding)
        try:
            for _ in files.read(origin, how):
                pass
        except InvalidInput as refused:
            if refused.errors[0].field != "encoding" or encoding:
                raise
            continue
        return how, [] if encoding is None else [say("assistant.encoding", encoding=encoding)]
    raise AssertionError("unreachable")


def _described(
    origin: str,
    target: str,
    how: How,
    given: Sequence[Given],
    settings: Settings,
    doubts: list[str],
    say: Say,
) -> dict[str, Any]:
    columns = guess.columns_of([_properties(one) for one in given])
    choices = guess.choose(columns, FIELDS[target])
    found = {ours: choice.column for ours, choice in choices.items()}
    unsure = _doubted(choices, doubts, say)
    absent = [ours for ours in FIELDS[target] if ours not in found]
    for ours, column in guess.misfits(columns, absent).items():
        example = column.filled[0][:MOST_SHOWN]
        doubts.append(say("assistant.misfit", field=ours, column=column.name, example=example))
    told: dict[str, Any] = {
        "about": say("assistant.about", file=Path(origin).name),
        "source": _source_name(origin),
        "target": target,
        "encoding": how.encoding,
        **_where(origin, how, given, columns, settings, doubts, say),
        "full": False,
        "fields": {ours: {"from": [column.name]} for ours, column in found.items()},
        "constants": {},
        "unsure": {("fields", ours) for ours in unsure},
        "is_drawing": {column.name for column in columns} >= DRAWING,
    }
    if not isinstance(given[0].record, dict) or "properties" not in given[0].record:
        told["properties"] = ""
    if "title" not in found and "description" in found:
        told["fields"]["title"] = told["fields"]["description"]
    if "id" not in found:
        doubts.append(say("assistant.id"))
        told["constants"]["id"] = UNDECIDED
    _owner(told, target, found, settings, doubts, say)
    _days(told, target, found, doubts, say)
    if target == "works":
        meanings.statuses(told, found.get("status"), doubts, say)
        meanings.kinds(told, found.get("type"), doubts, say)
    else:
        meanings.categories(told, found.get("category"), doubts, say)
    return told


def _doubted(choices: dict[str, guess.Choice], doubts: list[str], say: Say) -> list[str]:
    """The fields whose column is only likely, or one of several."""
    unsure = []
    for ours, choice in choices.items():
        others = choice.others if ours in DECISIVE else ()
        if not choice.sure:
            doubts.append(say("assistant.column", field=ours, column=choice.column.name))
        elif others:
            named = {"columns": ", ".join(others), "column": choice.column.name}
            doubts.append(say("assistant.columns_other", field=ours, **named))
        if others or not choice.sure:
            unsure.append(ours)
    return unsure


def _source_name(origin: str) -> str:
    name = Path(origin.split("?")[0]).name.split(".")[0].lower()
    plain = re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "file"
    return f"{plain}-file" if plain in TAKEN else plain


def _days(
    told: dict[str, Any], target: str, found: dict[str, guess.Column], doubts: list[str], say: Say
) -> None:
    """How days are written; works without days are left to a person."""
    forms, either_way = guess.date_forms(
        *(found.get(one) for one in ("starts_on", "ends_on", "reported_at", "finished_on"))
    )
    told["dates"] = {"formats": forms}
    if guess.has_times(found.get("ends_on")):
        told["dates"]["end"] = "instant"
    if either_way:
        doubts.append(say("assistant.days"))
    lacking = [one for one in ("starts_on", "ends_on") if one not in found] if target == "works" else []
    if lacking:
        doubts.append(say("assistant.no_days", fields=", ".join(lacking)))
        told["constants"].update(dict.fromkeys(lacking, UNDECIDED))


def _owner(
    told: dict[str, Any],
    target: str,
    found: dict[str, guess.Column],
    settings: Settings,
    doubts: list[str],
    say: Say,
) -> None:
    if target == "repairs":
        told["constants"]["owner"] = settings.city_organisation
    elif "owner" not in found:
        doubts.append(say("assistant.owner"))
        told["constants"]["owner"] = UNDECIDED


def _where(
    origin: str,
    how: How,
    given: Sequence[Given],
    columns: Sequence[guess.Column],
    settings: Settings,
    doubts: list[str],
    say: Say,
) -> dict[str, Any]:
    """The geometry that the rows have, or the columns with a place; and the CRS where the file does not say it."""
    drawn = next((one for one in given if isinstance(one.record, dict) and one.record.get("geometry")), None)
    if drawn is not None:
        if drawn.crs is not None or files.form_at(origin, how) in GEOJSON_FORMS:
            return {"crs": None if drawn.crs in (None, WGS84) else drawn.crs}
        x, y = first_place(drawn.record["geometry"])
        return {"crs": _recognised(x, y, settings, doubts, say)}
    place = guess.place_of(columns)
    if not place:
        doubts.append(say("assistant.place"))
        return {}
    if "x" not in place:
        return {"place": place, "crs": None}
    by_name = {column.name: column for column in columns}
    pairs = zip(by_name[place["x"]].values, by_name[place["y"]].values, strict=True)
    x, y = next((float(a.replace(",", ".")), float(b.replace(",", "."))) for a, b in pairs if a and b)
    return {"place": place, "crs": _recognised(x, y, settings, doubts, say)}


def _recognised(x: float, y: float, settings: Settings, doubts: list[str], say: Say) -> int | None:
    crs = geometry.recognised_crs(x, y, settings.region_bbox)
    at = {"x": f"{x:g}", "y": f"{y:g}"}
    if crs is None:
        doubts.append(say("assistant.crs_unknown", **at))
    else:
        doubts.append(say("assistant.crs_looks", name=NAMES[crs], crs=str(crs), **at))
    return crs
