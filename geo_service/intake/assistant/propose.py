"""Propose a mapping for a file: what its columns seem to mean, why, and ten of its rows as they would be read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
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
from geo_service.intake.assistant.shown import Shown, first_rows
from geo_service.intake.assistant.toml import as_toml
from geo_service.intake.assistant.words import CERTAINTIES, EVENTS, ROOM_ONLY, rank
from geo_service.intake.formats import files
from geo_service.intake.formats.given import Given, How
from geo_service.intake.sources.mapping import UNDECIDED
from geo_service.intake.sources.told import GEOJSON_FORMS, first_place
from geo_service.settings import Settings, today

LOOKED_AT = 2000
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


Say = Callable[..., str]


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
        raise SourceUnreachable(f"{Path(origin).name} has no rows that could be read")
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
    found = guess.choose(columns, FIELDS[target])
    name = (
        re.sub(r"[^a-z0-9]+", "-", Path(origin.split("?")[0]).name.split(".")[0].lower()).strip("-") or "file"
    )
    told: dict[str, Any] = {
        "about": say("assistant.about", file=Path(origin).name),
        "source": name,
        "target": target,
        "encoding": how.encoding,
        **_where(origin, how, given, columns, settings, doubts, say),
        "full": False,
        "fields": {ours: {"from": [column.name]} for ours, column in found.items()},
        "constants": {},
    }
    if not isinstance(given[0].record, dict) or "properties" not in given[0].record:
        told["properties"] = ""
    if "id" not in found:
        doubts.append(say("assistant.id"))
        told["constants"]["id"] = UNDECIDED
    _owner(told, target, found, settings, doubts, say)
    days = [found.get(one) for one in ("starts_on", "ends_on", "reported_at", "finished_on")]
    forms, either_way = guess.date_forms(*days)
    told["dates"] = {"formats": forms}
    if either_way:
        doubts.append(say("assistant.days"))
    if target == "works":
        _words(told, found, doubts, say)
    return told


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
        told["constants"]["owner"] = "onbekend"


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


def _words(told: dict[str, Any], found: dict[str, guess.Column], doubts: list[str], say: Say) -> None:
    """The vocabulary of status and type: what is known is filled in, what is not is left to a person."""
    if status := found.get("status"):
        told["status"] = {}
        for word in sorted(set(status.filled)):
            match = next(
                (ours for ours, theirs in CERTAINTIES.items() if rank(word, theirs) is not None), None
            )
            told["status"][word] = match or "?"
            if match is None:
                doubts.append(say("assistant.status_word", word=repr(word)))
    else:
        told["status_default"] = "planned"
        doubts.append(say("assistant.status_none"))
    if kind := found.get("type"):
        told["type"] = {word: _kind(word) for word in sorted(set(kind.filled))}
    if kind is None or len(kind.filled) < len(kind.values):
        told["type_default"] = {"kind": "groundworks", "opens_surface": True}
        doubts.append(say("assistant.type_all" if kind is None else "assistant.type_rest"))


def _kind(word: str) -> dict[str, Any]:
    """A type nobody explained opens the surface: a warning too many costs less than a footpath relaid for nothing."""
    if rank(word, EVENTS) is not None:
        return {"kind": "event", "opens_surface": False}
    if rank(word, ROOM_ONLY) is not None:
        return {"kind": "works", "opens_surface": False}
    return {"kind": "groundworks", "opens_surface": True}
