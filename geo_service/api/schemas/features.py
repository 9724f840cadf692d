"""Features as clients of OGC API send them, and what they say of works and repairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from geo_service.api.schemas.common import Body, Days, GeoJson, plain_json
from geo_service.api.schemas.repairs import RepairIn, RepairPatch
from geo_service.api.schemas.works import WorksIn, WorksPatch

Model = TypeVar("Model", bound=BaseModel)
INSIDE = ("phases", "planned")
"""Where our own bodies keep what a feature says of itself."""


Properties = Annotated[dict[str, Any], AfterValidator(plain_json)]


class FeatureIn(Body):
    """A whole feature (RFC 7946). `id`, `bbox` and `links` are read over: the address says which feature it is."""

    type: Literal["Feature"]
    geometry: GeoJson
    properties: Properties
    id: Any = Field(None, exclude=True)
    bbox: Any = Field(None, exclude=True)
    links: Any = Field(None, exclude=True)


class FeaturePatch(Body):
    """Changes to a feature (RFC 7396): only what is sent changes."""

    type: Literal["Feature"] | None = None
    geometry: GeoJson | None = None
    properties: Properties = Field(default_factory=dict)
    id: Any = Field(None, exclude=True)


def works(values: Mapping[str, Any], phase: Mapping[str, Any]) -> WorksIn:
    """New works of one phase. Raises RequestValidationError, named by the properties."""
    return read(WorksIn, {**values, "phases": [phase]})


def works_patch(values: Mapping[str, Any], phase: Mapping[str, Any] | None) -> WorksPatch:
    """Changes to works, with the phase that they are to have; None: their phases stay. Raises RequestValidationError."""
    phases = {} if phase is None else {"phases": [phase]}
    return read(WorksPatch, {**values, **phases})


def repair(values: Mapping[str, Any], days: Mapping[str, Any]) -> RepairIn:
    """A new repair. Raises RequestValidationError."""
    planned = {"planned": days} if days else {}
    return read(RepairIn, {**values, **planned})


def repair_patch(values: Mapping[str, Any], drawn: Mapping[str, Any] | None) -> RepairPatch:
    """Changes to a repair. Raises RequestValidationError."""
    return read(RepairPatch, {**values, **({} if drawn is None else {"geometry": drawn})})


def days(values: Mapping[str, Any]) -> Days:
    """The days of a repair. Raises RequestValidationError."""
    return read(Days, values)


def read(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The body that these values make. Raises RequestValidationError, which names the properties of the feature."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        findings = [{**one, "loc": ("body", *_own(one["loc"]))} for one in error.errors()]
        raise RequestValidationError(findings) from error


def _own(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """`phases[0].starts_on` of the body is `starts_on` of the feature."""
    return (
        tuple(part for part in place[1:] if part != 0)
        if place and place[0] in INSIDE and len(place) > 1
        else place
    )
