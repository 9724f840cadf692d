"""The parameters of `/ogc`: each value is checked, and what the address does not know is refused (OGC 17-069r4, 7.6)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Request
from shapely.geometry.base import BaseGeometry

from geo_service.domain import crs as codes
from geo_service.domain.errors import InvalidInput, UnknownParameter
from geo_service.ogc import crs, features, openapi, period, sorting
from geo_service.ogc.cql2 import limits, text, translation
from geo_service.ogc.features import FeatureQuery
from geo_service.store import bbox_query
from geo_service.store.features import FeatureType

MAX_CHARACTERS = 30_000
BBOX_CRS = {code: f"?bbox-crs={crs.of_code(code).uri}" for code in codes.EXCHANGE}
"""How a reader says in which CRS a box is, by code."""


def check(request: Request, allowed_names: Iterable[str]) -> None:
    """Refuse parameters that are not known, repeated ones and NUL. Raises UnknownParameter, InvalidInput."""
    names, parameters = sorted(allowed_names), request.query_params
    for name in parameters:
        excerpt = name[:60]
        if name not in names:
            raise UnknownParameter.one(excerpt, "unknown_parameter.known", known=names)
        if len(parameters.getlist(name)) > 1:
            raise UnknownParameter.one(excerpt, "repeated_parameter")
        if "\x00" in parameters[name]:
            raise InvalidInput.one(excerpt, "not_storable.nul")


def wants_page(request: Request, forms: Sequence[str] = ("json", "html")) -> bool:
    """Whether the reader wants HTML: by `f`, else by `Accept`. Raises UnknownParameter about `f` when it is none of `forms`."""
    form = request.query_params.get("f")
    if form is None:
        accepted = request.headers.get("accept", "").lower()
        return "text/html" in accepted and "json" not in accepted
    if form not in forms:
        raise UnknownParameter.one("f", "format_unknown", given=form[:20], known=list(forms))
    return form == "html"


def items(request: Request, type_: FeatureType, party: str | None, timezone: str) -> FeatureQuery:
    """What `/items` asks. Raises InvalidInput."""
    fields = features.columns(type_)
    check(request, [*openapi.ITEMS_PARAMETERS, *fields])
    query_texts = request.query_params
    conditions = features.visible(type_, party)
    for name in fields.keys() & query_texts.keys() - set(openapi.ITEMS_PARAMETERS):
        conditions.append(features.equal(name, fields[name], query_texts[name]))
    box_crs = crs.of_uri("bbox-crs", query_texts.get("bbox-crs"))
    ground = _box(query_texts["bbox"], box_crs) if "bbox" in query_texts else None
    days = period.read(query_texts["datetime"], timezone) if "datetime" in query_texts else None
    conditions += features.at(type_, ground, days)
    conditions += _filter(request, type_)
    return FeatureQuery(
        conditions,
        sorting.read(query_texts.get("sortby"), fields),
        _limit(query_texts.get("limit")),
        query_texts.get("cursor"),
        _offset(query_texts.get("offset")),
        crs.of_uri("crs", query_texts.get("crs")),
        _properties(query_texts.get("properties"), type_),
        not _flag(query_texts.get("skipGeometry"), "skipGeometry"),
    )


def only_counts(request: Request) -> bool:
    """Whether `resultType=hits` asks for a number only. Raises InvalidInput."""
    type_ = request.query_params.get("resultType", "results")
    if type_ not in ("results", "hits"):
        raise InvalidInput.one("resultType", "format_unknown", given=type_[:20], known=["results", "hits"])
    return type_ == "hits"


def _box(numbers: str, system: crs.Crs) -> BaseGeometry:
    order = bbox_query.LAT_LON if system.flipped else bbox_query.LON_LAT
    return bbox_query.read(numbers, system.code, order, BBOX_CRS)


def _limit(value_text: str | None) -> int:
    if value_text is None:
        return openapi.DEFAULT_LIMIT
    if not (value_text.isascii() and value_text.isdecimal() and 0 < len(value_text) < 20 and int(value_text)):
        raise InvalidInput.one("limit", "limit_malformed")
    return min(int(value_text), openapi.MAX_LIMIT)


def _offset(value_text: str | None) -> int:
    if value_text is None:
        return 0
    plain = value_text.isascii() and value_text.isdecimal() and len(value_text) < 10
    if not plain or int(value_text) > openapi.MAX_OFFSET:
        raise InvalidInput.one("offset", "offset_malformed", most=openapi.MAX_OFFSET)
    return int(value_text)


def _flag(value_text: str | None, name: str) -> bool:
    if value_text not in (None, "true", "false"):
        raise InvalidInput.one(name, "format_unknown", given=value_text[:20], known=["true", "false"])
    return value_text == "true"


def _properties(value_text: str | None, type_: FeatureType) -> list[str] | None:
    if value_text is None:
        return None
    names = [name for name in value_text.split(",") if name]
    allowed_names = [*type_.fields, *features.GEOMETRY_NAMES, "id"]
    for name in names:
        if name not in allowed_names:
            raise InvalidInput.one(
                "properties", "property_unknown", given=name[:60], known=list(type_.fields)
            )
    return names


def _filter(request: Request, type_: FeatureType) -> list[Any]:
    query_texts = request.query_params
    language = query_texts.get("filter-lang", openapi.LANGUAGES[0])
    if language not in openapi.LANGUAGES:
        raise InvalidInput.one(
            "filter-lang", "format_unknown", given=language[:20], known=list(openapi.LANGUAGES)
        )
    system = crs.of_uri("filter-crs", query_texts.get("filter-crs"))
    if "filter" not in query_texts:
        return []
    tree = _json(query_texts["filter"]) if language == "cql2-json" else text.read(query_texts["filter"])
    return [translation.condition(tree, features.names(type_, system))]


def _json(value_text: str) -> Any:
    if len(value_text) > MAX_CHARACTERS:
        raise InvalidInput.one(limits.FIELD, "cql_too_large", limit=MAX_CHARACTERS)
    try:
        return json.loads(value_text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput.one(limits.FIELD, "cql_json") from error
