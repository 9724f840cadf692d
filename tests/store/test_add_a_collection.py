"""docs/how-to/add-a-collection.md, done as it says: its rows come, its filter narrows, and its route has an action."""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter
from fastapi.routing import APIRoute
from shapely import LineString

from geo_service.api import exports as routes
from geo_service.store import collections, exports, listing
from geo_service.store.tables import streets
from tests.api.test_every_route import actions

PAGE = (Path(__file__).parents[2] / "docs/how-to/add-a-collection.md").read_text(encoding="utf-8")
ROWS, ROUTE = (
    textwrap.dedent(block) for block in re.findall(r"^ *```python\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)
)


def page_code(code: str, module: object, **names: Any) -> dict[str, Any]:
    """The names of a module after the code of the page has run in it."""
    namespace = {**vars(module), **names}
    exec(code, namespace)
    return namespace


COLLECTION: collections.Collection = page_code(ROWS, collections)["_streets"]()


def test_its_rows_are_narrowed_by_its_filter(conn: sa.Connection) -> None:
    axis = listing.geometry_param(LineString([(80_000, 190_000), (80_100, 190_000)]))
    for name in ("Markt", "Korte Winkelstraat"):
        conn.execute(sa.insert(streets).values(source="test", name=name, geom=axis))

    def names(**equal: str) -> list[str]:
        query = exports.ExportQuery(listing.Window(), equal, "proximus")
        return [row.name for row in conn.execute(exports.rows(COLLECTION, query))]

    assert sorted(names()) == ["Korte Winkelstraat", "Markt"]
    assert names(name="markt") == ["Markt"]
    assert list(COLLECTION.fields) == ["id", "name"]


def test_its_route_has_its_filters_as_parameters_and_an_action() -> None:
    router = APIRouter()
    page_code(ROUTE, routes, router=router)
    [route] = router.routes
    assert isinstance(route, APIRoute)
    assert set(actions(route.dependant)) == {"read"}
    assert set(COLLECTION.filters) <= set(inspect.signature(route.endpoint).parameters)
