"""Every published collection is whole: fields, filters and routes fit together."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.store import exports, listing
from geo_service.store.collections import COLLECTIONS, Collection
from scripts.openapi_types import document

WINDOW_PARAMETERS = {"format", "crs", "bbox", "active_on", "from", "to"}
PAGE_PARAMETERS = {"limit", "cursor", "at"}
"""Of lists only: a file has no pages; `at` finds the sections nearest to a place."""


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    """The paths of the OpenAPI document."""
    found: dict[str, Any] = document()["paths"]
    return found


@pytest.fixture(params=COLLECTIONS.values(), ids=lambda one: one.id)
def collection(request: pytest.FixtureRequest) -> Collection:
    """Each of them."""
    found: Collection = request.param
    return found


def test_it_has_a_list_and_files(paths: dict[str, Any], collection: Collection) -> None:
    assert "get" in paths[f"/api/v1/{collection.id}"]
    parameters = paths[f"/api/v1/{collection.id}.{{format}}"]["get"]["parameters"]
    names = {one["name"] for one in parameters if one["in"] != "header"}
    assert names == WINDOW_PARAMETERS | set(collection.filters)
    listed = {one["name"]: one for one in paths[f"/api/v1/{collection.id}"]["get"]["parameters"]}
    assert set(listed) - PAGE_PARAMETERS == names - {"format"}
    for one in parameters:
        if one["name"] in collection.filters:
            assert one == listed[one["name"]]


def test_every_file_is_of_a_collection(paths: dict[str, Any]) -> None:
    files = {path.removesuffix(".{format}") for path in paths if path.endswith(".{format}")}
    assert files == {f"/api/v1/{id_}" for id_ in COLLECTIONS}


def test_its_fields_are_those_of_its_rows(conn: sa.Connection, collection: Collection) -> None:
    query = exports.ExportQuery(listing.Window(), {}, "proximus")
    columns = conn.execute(exports.rows(collection, query)).keys()
    assert list(columns) == [*collection.fields, "geom"]
    assert next(iter(columns)) == "id"
    assert not any(isinstance(type_, sa.types.NullType) for type_ in collection.fields.values())
    assert not {"reporter", "details", "deleted_at"} & set(columns)
