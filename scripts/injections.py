"""The requests into which `make judges` slips SQL: a plausible one for each filter and body of the OpenAPI document, and for the rest by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from scripts.openapi_types import document

ID = "01a22af0-472c-762f-b9a7-28bab173652d"
"""Of nothing: the shape is what gets a request as far as the database."""
PLACE = {"type": "Point", "coordinates": [3.2131, 50.9152]}
BY_FORMAT = {
    "date": "2027-03-01",
    "date-time": "2027-03-01T08:00:00Z",
    "uuid": ID,
    "uri": "https://example.org/",
}
BY_NAME: Mapping[str, Any] = {"bbox": "3.2,50.9,3.22,50.92", "geometry": PLACE, "area": json.dumps(PLACE), "crs": 4326, "format": "geojson", "ends_on": "2027-03-08", "to": "2027-03-08", "rule": "wasted_repair", "rules": "wasted_repair", "function": "school", "at": "3.2131,50.9152", "source": "gipod"}  # fmt: skip
DEEPEST = 4
"""A field further down is as good as one above it."""
OTHERS = (
    ("GET", "/ogc/collections/works/items?limit=1&owner=Proximus&filter=owner%3D%27Proximus%27&bbox=3.2,50.9,3.22,50.92&datetime=2027-03-01", ""),
    ("GET", "/ogc/collections/repairs/items?limit=1&category=pothole", ""),
    ("GET", f"/open311/v2/requests.json?service_code=pothole&status=open&service_request_id={ID}&start_date=2027-03-01T08:00:00Z", ""),
    ("GET", f"/open311/v2/servicerequestupdates.json?service_request_id={ID}", ""),
    ("POST", "/open311/v2/requests.json", "service_code=pothole&lat=50.9152&long=3.2131&description=put&email=an%40example.org&first_name=An"),
    ("GET", "/feeds/alerts.atom?token=gf_x", ""),
    ("GET", "/feeds/works.ics?token=gf_x", ""),
    ("POST", "/login", "email=an%40example.org&password=onbekend&next=%2F"),
    ("POST", "/login/demo", "role=viewer&next=%2F"),
    ("POST", "/unsubscribe", "token=x"),
)  # fmt: skip
"""What the document does not describe: method, address, form."""


@dataclass(frozen=True)
class Injection:
    """A request as it goes over the line; each of its parameters is tried."""

    name: str
    request: str


def injections(url: str, headers: Mapping[str, str], beginning: str) -> Iterator[Injection]:
    """One for each route whose path begins so and that takes parameters."""
    found = document()
    schemas = found["components"]["schemas"]
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            filters = {one["name"]: _value(one["name"], one["schema"], schemas) for one in operation.get("parameters", ()) if one["in"] == "query"}  # fmt: skip
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if not path.startswith(beginning) or not (filters or content):
                continue
            body = json.dumps(_value("", content["schema"], schemas)) if content else ""
            address = path.replace("{format}", "geojson").replace("{name}", "meeting")
            address = "/".join(ID if part.startswith("{") else part for part in address.split("/"))
            query = f"?{urlencode(filters)}" if filters else ""
            kind = {"Content-Type": "application/json", "If-Match": '"1"'}
            yield _injection(url, method.upper(), address + query, {**headers, **kind}, body)
    for method, address, form in OTHERS:
        if address.startswith(beginning):
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
            yield _injection(url, method, address, {**headers, **kind}, form)


def _injection(url: str, method: str, address: str, headers: Mapping[str, str], body: str) -> Injection:
    lines = [f"{method} {address} HTTP/1.1", f"Host: {urlsplit(url).netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    name = f"{method}{urlsplit(address).path}".replace("/", "_").replace(ID, "ID")
    return Injection(name, "\r\n".join([*lines, "", body]))


def _value(name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int = 0) -> Any:
    """Something that fits a schema, with each field that it knows."""
    if name in BY_NAME:
        return BY_NAME[name]
    if "$ref" in schema:
        return _value(name, schemas[schema["$ref"].rpartition("/")[2]], schemas, depth)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return _value(name, choices[0], schemas, depth)
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    if schema.get("type") == "array":
        return [_value(name, schema.get("items", {}), schemas, depth + 1)] if depth < DEEPEST else []
    if schema.get("type") == "object":
        fields = schema.get("properties", {}) if depth < DEEPEST else {}
        return {field: _value(field, told, schemas, depth + 1) for field, told in fields.items()}
    plain = {"integer": max(1, schema.get("minimum", 1)), "number": max(1, schema.get("minimum", 1)), "boolean": True}  # fmt: skip
    return plain.get(schema.get("type", ""), BY_FORMAT.get(schema.get("format", ""), "Proximus"))
