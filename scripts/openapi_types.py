"""Writes the types of the API for the viewer's type check, from the OpenAPI document that the service gives.

    .venv/bin/python scripts/openapi_types.py

`tests/unit/test_openapi_types.py` fails when the file is not what this writes.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from geo_service import settings
from geo_service.api.app import create_app

TARGET = Path(__file__).parent.parent / "geo_service" / "viewer" / "openapi.d.ts"
HEAD = """\
/** What the API takes and answers. Written by scripts/openapi_types.py from the OpenAPI document: do not edit. */

/** GeoJSON (RFC 7946), WGS84 lon/lat. */
export interface Geometry {
  type: string;
  coordinates: any;
  geometries?: any;
}
"""
GEOJSON = "GeoJSON geometry (RFC 7946)"
"""The title of every geometry in the document."""
PLAIN = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}

Schema = dict[str, Any]


@functools.cache
def document() -> Schema:
    """The OpenAPI document; no database is needed for it."""
    return create_app(settings.load(database_url="postgresql://nobody@127.0.0.1:1/nothing")).openapi()


def render(described: Schema) -> str:
    """One TypeScript interface for each schema of an OpenAPI document, in alphabetical order."""
    schemas = described["components"]["schemas"]
    return "\n".join([HEAD, *(_interface(name, schemas[name]) for name in sorted(schemas))])


def _interface(name: str, schema: Schema) -> str:
    lines = [_comment(schema), f"export interface {name} {{\n"]
    required = schema.get("required", [])
    for field, value in schema.get("properties", {}).items():
        mark = "" if field in required else "?"
        lines.append(f"{_comment(value, '  ')}  {field}{mark}: {_type(value)};\n")
    return "".join([*lines, "}\n"])


def _comment(schema: Schema, indent: str = "") -> str:
    text = " ".join(schema.get("description", "").split())
    return f"{indent}/** {text} */\n" if text else ""


def _type(schema: Schema) -> str:
    """A schema as a TypeScript type; what the document leaves open is `any`."""
    if schema.get("title") == GEOJSON:
        return "Geometry"
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema or "enum" in schema:
        return " | ".join(json.dumps(one) for one in schema.get("enum", [schema.get("const")]))
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(_type(one) for one in schema[union]))
    kind = schema.get("type")
    if kind == "array":
        return _array(schema)
    if kind == "object":
        values = schema.get("additionalProperties")
        name = _type(schema.get("propertyNames", {"type": "string"}))
        return f"Record<{name}, {_type(values) if isinstance(values, dict) else 'any'}>"
    return PLAIN.get(kind or "", "any")


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(one) for one in schema['prefixItems'])}]"
    element = _type(schema.get("items", {}))
    return f"({element})[]" if " | " in element else f"{element}[]"


if __name__ == "__main__":
    TARGET.write_text(render(document()), encoding="utf-8")
