"""The parameters of `/ogc`: each value is checked, and what the address does not know is refused (OGC 17-069r4, 7.6)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from fastapi import Request
from shapely.geometry.base import BaseGeometry

from geo_service.api import bbox_query
from geo_service.domain.errors import InvalidInput, UnknownParameter
from geo_service.ogc import crs, features, openapi, period, sorting
from geo_service.ogc.cql2 import limits, text, translation
from geo_service.ogc.features import FeatureQuery
from geo_service.store.features import FeatureType

MAX_CHARACTERS = 30_000


def check(request: Request, known: Iterable[str]) -> None:
    """Refuse parameters that are not known, repeated ones and NUL. Raises UnknownParameter, InvalidInput."""
    names, parameters = sorted(known), request.query_params
    for name in parameters:
        excerpt = name[:60]
        if name not in names:
            raise UnknownParameter.one(excerpt, "unknown_parameter.known", known=names)
        if len(parameters.getlist(name)) > 1:
            raise UnknownParameter.one(excerpt, "repeated_parameter")
        if "\x00" in parameters[name]:
            raise InvalidInput.one(excerpt, "not_storable.nul")


def wants_page(request: Request) -> bool:
    """Whether the reader wants HTML: by `f`, else by `Accept`. Raises UnknownParameter about `f`."""
    form = request.query_params.get("f")
    if form is None:
        accepted = request.headers.get("accept", "").lower()
        return "text/html" in accepted and "json" not in accepted
    if form not in ("json", "html"):
        raise UnknownParameter.one("f", "format_unknown", given=form[:20], known=["json", "html"])
    return form == "html"


def items(request: Request, type_: FeatureType, party: str | None, timezone: str) -> FeatureQuery:
    """What `/items` asks. Raises InvalidInput."""
    fields = features.columns(type_)
    check(request, [*openapi.ITEMS_PARAMETERS, *fields])
    asked = request.query_params
    conditions = features.visible(type_, party)
    for name in fields.keys() & asked.keys() - set(openapi.ITEMS_PARAMETERS):
        conditions.append(features.equal(name, fields[name], asked[name]))
    box_crs = crs.of_uri("bbox-crs", asked.get("bbox-crs"))
    if "bbox" in asked:
        conditions += features.in_box(type_, _box(asked["bbox"], box_crs))
    if "datetime" in asked:
        conditions += features.in_days(type_, period.read(asked["datetime"], timezone))
    conditions += _filter(request, type_)
    return FeatureQuery(
        conditions,
        sorting.read(asked.get("sortby"), fields),
        _limit(asked.get("limit")),
        asked.get("cursor"),
        crs.of_uri("crs", asked.get("crs")),
        _properties(asked.get("properties"), type_),
        not _flag(asked.get("skipGeometry"), "skipGeometry"),
    )


def only_counts(request: Request) -> bool:
    """Whether `resultType=hits` asks for a number only. Raises InvalidInput."""
    type_ = request.query_params.get("resultType", "results")
    if type_ not in ("results", "hits"):
        raise InvalidInput.one("resultType", "format_unknown", given=type_[:20], known=["results", "hits"])
    return type_ == "hits"


def _box(numbers: str, system: crs.Crs) -> BaseGeometry:
    parts = numbers.split(",")
    if system.flipped and len(parts) in (4, 6):
        half = len(parts) // 2
        for place in (0, half):
            parts[place], parts[place + 1] = parts[place + 1], parts[place]
    return bbox_query.read(",".join(parts), system.code)


def _limit(given: str | None) -> int:
    if given is None:
        return openapi.DEFAULT_LIMIT
    if not (given.isascii() and given.isdecimal() and 0 < len(given) < 20 and int(given)):
        raise InvalidInput.one("limit", "limit_malformed")
    return min(int(given), openapi.MAX_LIMIT)


def _flag(given: str | None, name: str) -> bool:
    if given not in (None, "true", "false"):
        raise InvalidInput.one(name, "format_unknown", given=given[:20], known=["true", "false"])
    return given == "true"


def _properties(given: str | None, type_: FeatureType) -> list[str] | None:
    if given is None:
        return None
    names = [name for name in given.split(",") if name]
    known = [*type_.fields, *features.GEOMETRY_NAMES, "id"]
    for name in names:
        if name not in known:
            raise InvalidInput.one(
                "properties", "property_unknown", given=name[:60], known=list(type_.fields)
            )
    return names


def _filter(request: Request, type_: FeatureType) -> list[Any]:
    asked = request.query_params
    language = asked.get("filter-lang", openapi.LANGUAGES[0])
    if language not in openapi.LANGUAGES:
        raise InvalidInput.one(
            "filter-lang", "format_unknown", given=language[:20], known=list(openapi.LANGUAGES)
        )
    system = crs.of_uri("filter-crs", asked.get("filter-crs"))
    if "filter" not in asked:
        return []
    tree = _json(asked["filter"]) if language == "cql2-json" else text.read(asked["filter"])
    return [translation.condition(tree, features.names(type_, system))]


def _json(given: str) -> Any:
    if len(given) > MAX_CHARACTERS:
        raise InvalidInput.one(limits.FIELD, "cql_too_large", limit=MAX_CHARACTERS)
    try:
        return json.loads(given)
    except (ValueError, RecursionError) as error:
        raise InvalidInput.one(limits.FIELD, "cql_json") from error
