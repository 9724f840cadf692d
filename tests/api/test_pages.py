"""Every list, page by page: in its order, each row once, and no `next` behind the last row, wherever the rows lie in the table."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.store.tables import import_rejections, imports
from tests.api.scenario import Street
from tests.serving import Service, sql_insert_building

LISTS = {
    **dict.fromkeys(("works", "repairs", "conflicts", "buildings", "imports"), ("id", "cursor")),
    "alerts": ("cursor", "after"),
    "imports/{import_id}/rejected": ("row", "after"),
}
"""Path: what its rows are ordered by, and how a client goes on."""
NEWEST_FIRST = {"imports"}
REWRITTEN = {
    "works": "title", "repairs": "category", "conflicts": "severity", "buildings": "name", "alerts": "type", "imports": "status",
    "import_rejections": "code",
}  # fmt: skip
"""A column of each table that is set to what it is: the row then lies behind all others."""


@pytest.fixture(scope="module")
def import_id(service: Service) -> str:
    """Three of everything; then the first rows are written again, so that they lie behind the others."""
    for n in range(3):
        street = Street(service, 100_000 + 200.0 * n)
        street.works((30, 44))
        street.repair()
        sql_insert_building(service, street.x, f"school {n}")
    with service.engine.begin() as conn:
        made = [
            conn.scalar(sa.insert(imports).values(source="gipod", status="done").returning(imports.c.id))
            for _ in range(3)
        ]
        rejected = [
            {"import_id": made[0], "row": n, "code": "no_geometry", "message": "none"} for n in (3, 1, 2)
        ]
        conn.execute(sa.insert(import_rejections), rejected)
        for table, column in REWRITTEN.items():
            conn.execute(
                sa.text(
                    f"UPDATE {table} SET {column} = {column} WHERE ctid = (SELECT min(ctid) FROM {table})"
                )
            )
    return str(made[0])


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 2, "all but one", "all"])
def test_a_list_is_read_page_by_page_in_its_order(
    service: Service, import_id: str, path: str, limit: int | str
) -> None:
    key, more = LISTS[path]
    url = f"/api/v1/{path.format(import_id=import_id)}"
    with service.as_("coordinator") as client:
        everything = client.get(url, params={"limit": 1000}).json()["items"]
        assert len(everything) >= 3
        size = limit if isinstance(limit, int) else len(everything) - (limit == "all but one")
        pages: list[list[dict[str, Any]]] = []
        further: dict[str, Any] = {}
        while not pages or further[more] is not None:
            page = client.get(url, params={"limit": size, **further}).json()
            pages.append(page["items"])
            further = {more: page["next"]}
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert 0 < len(pages[-1]) <= size
    rows = [row[key] for page in pages for row in page]
    assert rows == [row[key] for row in everything] == sorted(rows, reverse=path in NEWEST_FIRST)
    assert len(set(rows)) == len(rows)
