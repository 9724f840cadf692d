"""Maps of the ground of one street, as base maps bring them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import sqlalchemy as sa
from shapely import LineString, box
from shapely.geometry.base import BaseGeometry

from geo_service.coordination import changes
from geo_service.detection.run import EVERYTHING
from geo_service.store import locks
from tests.intake.conftest import TODAY, Import

Rows = Callable[[str], list[Any]]
X, Y = 68_700, 179_100
"""The Gentsestraat runs east from here; its footpath lies at y 4–6, the even houses behind it."""
SECTIONS = (
    "SELECT kind, street, side, number_from, number_to, derived, round(ST_Area(geom)::numeric, 1)::text, ST_AsText(ST_Centroid(geom), 1) "
    "FROM pavement_sections ORDER BY kind, ST_XMin(geom), ST_YMin(geom)"
)
MAPS = {
    "buildings": 'fields = { id = { from = ["id"] }, street = { from = ["straat"] }, house_number = { from = ["nr"] } }',
    "pavements": 'kind_default = "footpath"\nfields = { id = { from = ["id"] }, material = { from = ["materiaal"] } }',
    "streets": 'fields = { id = { from = ["id"] }, name = { from = ["naam"] } }',
    "parcels": 'fields = { id = { from = ["id"] } }',
    "addresses": 'fields = { id = { from = ["id"] }, street = { from = ["straat"] }, house_number = { from = ["nr"] } }',
}


def at(shape: BaseGeometry) -> BaseGeometry:
    from shapely.affinity import translate

    return translate(shape, X, Y)


HOUSES = [(f"b{n}", "Gentsestraat", str(2 + 2 * n), at(box(8 * n, 6, 8 * n + 8, 16))) for n in range(10)]
FOOTPATH = [("p1", "klinkers", at(box(0, 4, 80, 6)))]
STREET = [("s1", "Gentsestraat", at(LineString([(0, 0), (80, 0)])))]


@pytest.fixture
def bring(take_in: Import, tmp_path: Path) -> Callable[..., Any]:
    """Import rows of one target from a GeoPackage; `full` files are the whole truth."""

    def run(target: str, rows: list[tuple[Any, ...]], *, full: bool = False, **how: Any) -> Any:
        names = {"buildings": ["id", "straat", "nr"], "addresses": ["id", "straat", "nr"], "pavements": ["id", "materiaal"],
                 "streets": ["id", "naam"], "parcels": ["id"]}[target]  # fmt: skip
        frame = geopandas.GeoDataFrame(
            [dict(zip(names, row, strict=False)) for row in rows],
            geometry=[row[-1] for row in rows],
            crs=31370,
        )
        file = tmp_path / f"{target}.gpkg"
        file.unlink(missing_ok=True)
        frame.to_file(file, driver="GPKG")
        mapping = tmp_path / f"{target}.toml"
        mapping.write_text(
            f'about = "t"\nsource = "map"\ntarget = "{target}"\nfull = {str(full).lower()}\n{MAPS[target]}\n',
            encoding="utf-8",
        )
        return take_in(target, file, mapping=str(mapping), **how)

    return run


def is_the_truth(city: sa.Engine) -> bool:
    """Whether computing everything again changes nothing."""
    claims = "SELECT kind, origin_id, sides, surfaces, ST_AsText(geom, 3) FROM claims ORDER BY 1, 2"
    with city.begin() as conn:
        before = conn.execute(sa.text(claims)).all()
        locks.claims_writer(conn)
        again = changes.record(conn, EVERYTHING, TODAY)
        return before == conn.execute(sa.text(claims)).all() and (again.opened, again.closed) == (0, 0)


def few(count: int) -> dict[str, list[tuple[Any, ...]]]:
    """So many shapes of each kind of map."""
    squares = [at(box(20 * n, 0, 20 * n + 8, 8)) for n in range(count)]
    lines = [at(LineString([(20 * n, 0), (20 * n + 15, 0)])) for n in range(count)]
    return {
        "buildings": [(f"b{n}", "Gentsestraat", str(2 + 2 * n), one) for n, one in enumerate(squares)],
        "pavements": [(f"p{n}", "klinkers", one) for n, one in enumerate(squares)],
        "parcels": [(f"k{n}", one) for n, one in enumerate(squares)],
        "streets": [(f"s{n}", f"Straat {n}", one) for n, one in enumerate(lines)],
    }
