"""Every route of an app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi import FastAPI
from starlette.routing import BaseRoute


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of each route, also of those that the OpenAPI document alone names."""
    documented = {
        (method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods
    }
    return sorted(documented | set(_routes(app.routes)))


def _routes(among: Iterable[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The same inside routers and mounted apps."""
    for route in among:
        path = prefix + getattr(route, "path", "")
        inner = getattr(route, "routes", None)
        if inner:
            yield from _routes(inner, path)
        elif getattr(route, "effective_route_contexts", None):
            for one in route.effective_route_contexts():  # type: ignore[attr-defined]
                yield from ((method, prefix + one.path) for method in one.methods or ())
        else:
            yield from ((method, path) for method in getattr(route, "methods", None) or ())
