"""The viewer is checked against the API as it is."""

from __future__ import annotations

from typing import Any

import pytest

from scripts import openapi_types

GEOMETRY = {"title": openapi_types.GEOJSON, "oneOf": [{"type": "object"}]}


def test_the_types_of_the_viewer_are_those_of_the_openapi_document() -> None:
    there = openapi_types.TARGET.read_text(encoding="utf-8")
    assert there == openapi_types.render(openapi_types.document()), "run scripts/openapi_types.py"


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": "string", "format": "date"}, "string"),
        ({"type": "integer"}, "number"),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "number | null"),
        ({"enum": ["even", "odd"]}, '"even" | "odd"'),
        ({"const": "Point"}, '"Point"'),
        ({"$ref": "#/components/schemas/Works"}, "Works"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Works"}}, "Works[]"),
        ({"type": "array", "items": {"enum": ["even", "odd"]}}, '("even" | "odd")[]'),
        ({"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}]}, "[number, string]"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "Record<string, number>"),
        ({"type": "object", "additionalProperties": True}, "Record<string, any>"),
        (
            {
                "type": "object",
                "propertyNames": {"enum": ["even", "odd"]},
                "additionalProperties": {"type": "integer"},
            },
            'Record<"even" | "odd", number>',
        ),
        ({"anyOf": [GEOMETRY, {"type": "null"}]}, "Geometry | null"),
        ({}, "any"),
    ],
)
def test_each_kind_of_schema_becomes_a_type(schema: dict[str, Any], written: str) -> None:
    properties = {"one": schema}
    text = openapi_types.render({"components": {"schemas": {"Thing": {"properties": properties}}}})
    assert text.endswith(f"export interface Thing {{\n  one?: {written};\n}}\n")


def test_what_must_be_there_and_what_it_means_are_said() -> None:
    schema = {
        "description": "One\nthing.",
        "required": ["one"],
        "properties": {"one": {"type": "string", "description": "its name"}},
    }
    text = openapi_types.render({"components": {"schemas": {"Thing": schema}}})
    assert text.endswith(
        "/** One thing. */\nexport interface Thing {\n  /** its name */\n  one: string;\n}\n"
    )
