"""Bodies of requests: a number is a number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

import geo_service.api.app  # noqa: F401 # loads every route with its bodies
from geo_service.api.schemas.building_projects import Project
from geo_service.api.schemas.common import Body

ANSWERS = {Project}
"""Answers that begin as the body they answer."""


def bodies(of: type[Body] = Body) -> Iterator[type[Body]]:
    """Every body that a route may take."""
    for body in of.__subclasses__():
        yield body
        yield from bodies(body)


def number_fields() -> Iterator[tuple[str, Any]]:
    """Name and type of each field that is a number and may not be a yes or no."""
    for body in sorted(set(bodies()) - ANSWERS, key=lambda one: one.__name__):
        for name, field in body.model_fields.items():
            kind: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
            members = TypeAdapter(kind).json_schema()
            kinds = {members.get("type"), *(one.get("type") for one in members.get("anyOf", ()))}
            if kinds & {"number", "integer"} and "boolean" not in kinds:
                yield f"{body.__name__}.{name}", TypeAdapter(kind)


@pytest.mark.parametrize(("name", "field"), [pytest.param(*pair, id=pair[0]) for pair in number_fields()])
def test_yes_and_no_are_no_numbers(name: str, field: TypeAdapter[Any]) -> None:
    for value in (True, False):
        with pytest.raises(ValidationError):
            field.validate_python(value)
