"""The OpenAPI document: FastAPI's routes, and the problems that each may answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from geo_service.api.deps import API
from geo_service.api.rate_limit import UNLIMITED
from geo_service.api.schemas.answers import AbsentProblem, Problem
from geo_service.api.schemas.verdicts import BlockedProblem
from geo_service.exports.formats import FORMATS

SCHEMA_REF = "#/components/schemas/{model}"
VALIDATION_SCHEMAS = (
    "HTTPValidationError",
    "ValidationError",
)  # FastAPI's own shape of a 422, which is never sent

PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}
"""What a route answers that writes a document for people."""

WHEN = {
    "400": "Not readable, or a query parameter that is not known",
    "401": "No key or session, or one that is unknown, revoked, expired or ended",
    "403": "Not for this role, or a write from a page of another site",
    "404": "There is nothing here with that id",
    "405": "Not possible at this address; see `Allow`",
    "409": "Blocked by works (`blocked_by_works`), or not possible in this state (`invalid_transition`)",
    "410": "The feed began anew: the cursor is of another one",
    "412": "Changed since it was read",
    "413": "The body is too large",
    "415": "The body is not JSON",
    "422": "A field cannot be accepted; `errors` names it",
    "428": "`If-Match` is missing",
    "429": "Too many requests: `Retry-After`",
    "503": "The database does not answer, or everything of this kind is in use (`busy`): `Retry-After`",
}
MODELS = {"404": AbsentProblem.__name__, "409": BlockedProblem.__name__}
"""The statuses whose problem says more than others."""
WRITES = ("post", "put", "patch", "delete")
FILES = (
    (".{format}", tuple(one.media_type for one in FORMATS.values())),
    ("/stream", ("text/event-stream",)),
    (".csv", ("text/csv",)),
    (".mvt", ("application/vnd.mapbox-vector-tile",)),
    ("/advice/batch", ("application/x-ndjson",)),
)
GEOJSON = FORMATS["geojson"].media_type
FEEDS = ("/api/v1/alerts", "/api/v1/alerts/stream")
STATES = (
    "works",
    "repairs",
    "plan",
    "conflicts",
    "cases",
    "requests",
    "claim-files",
    "rules",
    "imports",
    "renumberings",
)
"""The things that a write finds in a state, which may forbid it."""
NAME_OTHERS = ("plan/accept", "requests", "renumberings/confirm", "renumberings/refuse")
"""The writes whose body names things by their id."""
VERSION = r'^(W/)?"[0-9]{1,9}"$'
"""An `ETag` of ours."""
VERSION_OPTIONAL = ("/complete", "/rotate-secret")
"""Without `If-Match` these take the version of now; the others answer 428."""
STORES_NOTHING = (
    "/advice",
    "/advice/batch",
    "/preview",
    "/proposal",
    "/subscriptions/{subscription_id}/test",
)
KEEPS_SECRETS = tuple(f"/api/v1/{name}" for name in ("keys", "users"))
"""No answer of these is stored: it holds little more than a secret."""
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeated request with the same key gets the first answer again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def operation_id(route: APIRoute) -> str:
    """`works_create`, `repairs_list`: names for generated clients."""
    place = route.path.removeprefix(API).replace(".{format}", "_file")
    parts = [part.partition(".")[0] for part in place.split("/") if part and not part.startswith("{")]
    return "_".join([*parts, route.name.rstrip("_")]).replace("-", "_")


def document(app: FastAPI) -> None:
    """Add problems to `/openapi.json`."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _add_problems(plain())
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]


def _add_problems(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    shapes = (Problem, AbsentProblem, BlockedProblem)
    _, models = models_json_schema([(one, "serialization") for one in shapes], ref_template=SCHEMA_REF)
    schemas.update({name: schema for name, schema in models["$defs"].items() if name not in schemas})
    for name in VALIDATION_SCHEMAS:
        schemas.pop(name, None)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _add_version(path, operation)
            _add_files(path, method, operation)
            for status in _statuses(path, method, operation):
                model = MODELS.get(status, Problem.__name__)
                shape = {"schema": {"$ref": SCHEMA_REF.format(model=model)}}
                operation["responses"][status] = {
                    "description": WHEN[status],
                    "content": {"application/problem+json": shape},
                }
            once = path.startswith(API) and not path.startswith(KEEPS_SECRETS)
            if once and method in WRITES and not path.endswith(STORES_NOTHING):
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)


def _add_version(path: str, operation: dict[str, Any]) -> None:
    """Say where `If-Match` must be sent: in the code it is optional everywhere, for a 428 in words."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"].lower() == "if-match":
            parameter["required"] = not path.endswith(VERSION_OPTIONAL)
            parameter["schema"] = {"type": "string", "pattern": VERSION}


def _add_files(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add the media types of files, tiles and the stream."""
    kinds = next((media_types for ending, media_types in FILES if path.endswith(ending)), ())
    if kinds and "200" in operation["responses"]:
        operation["responses"]["200"]["content"] = {
            kind: {"schema": {"type": "object" if kind == GEOJSON else "string"}} for kind in kinds
        }


def _statuses(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    names = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    place = path.removeprefix(f"{API}/")
    yield "503"
    if not path.startswith(UNLIMITED):
        yield "429"
    if path.startswith(API):
        yield "400"
    if "security" in operation:
        yield from ("401", "403")
    if "{" in path or place in NAME_OTHERS:
        yield "404"
    if path in FEEDS:
        yield "410"
    if names or "requestBody" in operation:
        yield "422"
    if "if-match" in names:
        yield from ("412", "428")
    if "requestBody" in operation:
        yield from ("413", "415")
    moves = place.startswith(STATES) and method in WRITES
    if moves or path.endswith(("/advice", "/sequence")):
        yield "409"
