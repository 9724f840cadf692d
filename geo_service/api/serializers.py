"""Rows of the store as the JSON of the contract. Bodies are built here and sent without a second validation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from shapely import GeometryCollection
from shapely.geometry.base import BaseGeometry

from geo_service.api.schemas import answers
from geo_service.domain import geometry
from geo_service.domain.explain import free_from
from geo_service.domain.json_values import json_value
from geo_service.i18n import Translator
from geo_service.store import listing
from geo_service.store.listing import Row


def as_json(content: Any) -> bytes:
    """UTF-8, compact, on one line; NaN is an error, and half a surrogate pair is escaped: \\ud800."""
    return json.dumps(
        content, default=json_value, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode("utf-8", "backslashreplace")


class Answer(JSONResponse):
    """JSON with days, instants (RFC 3339 UTC) and ids."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return as_json(content)


def answer(
    content: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    media_type: str | None = None,
) -> JSONResponse:
    """A response with `content` as JSON."""
    return Answer(content, status, dict(headers or {}), media_type)


def etag(row: Row) -> dict[str, str]:
    """The header whose value a change must send as If-Match."""
    return {"ETag": f'"{row["version"]}"'}


def language_headers(translator: Translator) -> dict[str, str]:
    """The headers of an answer with sentences."""
    return {"Content-Language": translator.language, "Vary": "Accept-Language"}


def list_page(page: listing.Page, items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A page of a list."""
    return {"items": list(items), "next": page.next, "total": page.total}


def works(row: Row, crs: int) -> dict[str, Any]:
    """Works with their phases; the geometry combines all phases."""
    phases = [
        {
            "id": phase["id"],
            "geometry": geometry.to_geojson(phase["geometry"], crs),
            "starts_on": phase["starts_on"],
            "ends_on": phase["ends_on"],
            "opens_surface": phase["opens_surface"],
            "surfaces": phase["surfaces"],
            "done": phase["done"],
        }
        for phase in row["phases"]
    ]
    shapes: list[BaseGeometry] = [phase["geometry"] for phase in row["phases"]]
    outline = shapes[0] if len(shapes) == 1 else GeometryCollection(shapes)
    dig = {"apart": row["exclude_from_dig"], "dig_with": row["dig_with"] or []}
    fields = {**_public_columns(row, answers.Works), **dig, **_ids(row)}
    return {**fields, "geometry": geometry.to_geojson(outline, crs), "phases": phases}


def repair(row: Row, crs: int) -> dict[str, Any]:
    """A repair request, without its reporter."""
    planned = row["planned"]
    return {
        **_public_columns(row, answers.Repair),
        **_ids(row),
        "number": f"H-{row['number']}",
        "until": row["verdict_until"],
        "planned": planned and {"starts_on": planned.lower, "ends_on": planned.upper},
        "geometry": geometry.to_geojson(listing.read_geometry(row["geom"]), crs),
    }


def reported(row: Row) -> dict[str, Any]:
    """A reported defect near the place of a question, without its reporter."""
    return {**row, "number": f"H-{row['number']}"}


def _public_columns(row: Row, answer: type[BaseModel]) -> dict[str, Any]:
    """The columns under whose names an answer has a field."""
    return {name: row[name] for name in answer.model_fields if name in row}


def _ids(row: Row) -> dict[str, Any]:
    """Its earlier ids in its source, and suggested pairs of an old and a new id."""
    return {"former_ids": row["former_ids"] or [], "renumbering": row["renumbering"]}


def stretch(row: Row, crs: int) -> dict[str, Any]:
    """The footpath along some houses, a row of `store.stretches`."""
    names = ("street", "side", "number_from", "number_to", "code", "material", "laid_on", "area_m2")
    shape = geometry.to_geojson(listing.read_geometry(row["geom"]), crs)
    return {**{name: row[name] for name in names}, "kind": "footpath", "geometry": shape}


def ground(row: Row, crs: int) -> dict[str, Any]:
    """A building or a pavement section."""
    plain = {name: value for name, value in row.items() if name != "geom"}
    return {**plain, "geometry": geometry.to_geojson(listing.read_geometry(row["geom"]), crs)}


def conflict(row: Row, briefs: Mapping[UUID, Row], crs: int) -> dict[str, Any]:
    """A conflict, stored or only computed (then `id` is null), with both sides."""
    outline = row["geom"]
    shape = None if outline is None else geometry.to_geojson(listing.read_geometry(outline), crs)
    number = row["number"]
    return {
        "id": row["id"],
        "number": number and f"C-{number}",
        "rule": row["rule_id"],
        "rule_version": row["rule_version"],
        "severity": row["severity"],
        "status": row["status"],
        "opportunity": row["opportunity"],
        "blocking": row["blocking"],
        **{name: row.get(name) for name in ("agreement", "department", "person", "due_on", "escalated_on")},
        "moratorium": _begins_in_moratorium(row),
        "a": _side(row["a"], row["b"], briefs),
        "b": _side(row["b"], row["a"], briefs),
        "facts": row["facts"],
        "geometry": shape,
        "created_at": row.get("created_at"),
        "updated_at": row.get("updated_at"),
    }


def trail(events: Iterable[Row]) -> list[dict[str, Any]]:
    """The audit trail of one conflict. What undoing a step brings back is not shown."""
    shown = []
    for event in events:
        details = {name: value for name, value in event["details"].items() if name != "before"}
        rest = {name: value for name, value in event.items() if name != "conflict_id"}
        shown.append({**rest, "details": details})
    return shown


def _begins_in_moratorium(row: Row) -> bool:
    """Whether the works begin while the ground may not be opened. Days in JSON sort as text."""
    sides = (row["a"], row["b"])
    return any(
        other["kind"] == "opening" and None not in (until, begin) and until > begin
        for other, until, begin in (
            (other, one["moratorium_until"], other["stated_starts_on"]) for one, other in (sides, sides[::-1])
        )
    )


def _side(side: Mapping[str, Any], other: Mapping[str, Any], briefs: Mapping[UUID, Row]) -> dict[str, Any]:
    brief = briefs.get(UUID(str(side["works_id"]))) if side["works_id"] else None
    names = (
        "id", "source", "source_id", "title", "kind", "certainty", "owner", "owner_group", "owner_group_name", "vanished_at",
    )  # fmt: skip
    all_ = [briefs.get(UUID(str(one))) for one in side["works_ids"]]
    return {
        "kind": side["kind"],
        "claim": side,
        "works": brief and select_columns(brief, names),
        "dig": [select_columns(one, names) for one in all_ if one] if len(all_) > 1 else [],
        "repair": side["repair_id"] and {"id": side["repair_id"]},
        "building": side["building_id"] and {"id": side["building_id"], "name": side.get("place")},
        "street": side["street_id"] and {"id": side["street_id"], "name": side.get("place")},
        "owner": brief["owner"] if brief else side["owner_group"],
        "starts_on": side["stated_starts_on"] or side["starts_on"],
        "ends_on": side["stated_ends_on"] or side["ends_on"],
        "free_from": free_from(side, other),
    }


def select_columns(row: Row, names: Iterable[str]) -> dict[str, Any]:
    """Some columns of a row."""
    return {name: row[name] for name in names}
