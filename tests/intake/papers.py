"""The same three works in every format that people hand in, in metres around a point in Izegem."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ezdxf
import geopandas
import openpyxl
from shapely import box
from shapely.geometry.base import BaseGeometry

ROWS: list[dict[str, Any]] = [
    {
        "Nr": f"w{number}",
        "Eigenaar": "Café De Kroon",
        "Van": "2026-10-01",
        "Tot": "2026-10-09",
        "Soort": "Sleuf",
    }
    for number in (1, 2, 3)
]
MAPPING = """
about = "test"
source = "papers"
target = "works"
status_default = "planned"
[fields]
id = { from = ["Nr"] }
owner = { from = ["Eigenaar"] }
starts_on = { from = ["Van"] }
ends_on = { from = ["Tot"] }
type = { from = ["Soort"] }
[type]
"Sleuf" = { kind = "groundworks", opens_surface = true }
"""


def ground(number: int, crs: int = 31370) -> BaseGeometry:
    """A square of 4 m², 20 m from the next."""
    square = box(68_700 + 20 * number, 179_100, 68_702 + 20 * number, 179_102)
    return geopandas.GeoSeries([square], crs=31370).to_crs(crs).iloc[0]


def frame(crs: int = 31370, rows: Sequence[Mapping[str, Any]] = ROWS) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        list(rows), geometry=[ground(place, crs) for place in range(len(rows))], crs=crs
    )


def geopackage(path: Path) -> Path:
    frame().to_file(path / "works.gpkg", layer="werken", driver="GPKG")
    return path / "works.gpkg"


def lambert_2008(path: Path) -> Path:
    frame(3812).to_file(path / "works.gpkg", layer="werken", driver="GPKG")
    return path / "works.gpkg"


def kml(path: Path) -> Path:
    frame(4326).to_file(path / "works.kml", driver="KML")
    return path / "works.kml"


def kmz(path: Path) -> Path:
    with zipfile.ZipFile(path / "works.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(kml(path), "doc.kml")
    return path / "works.kmz"


def gml(path: Path) -> Path:
    frame().to_file(path / "works.gml", driver="GML")
    return path / "works.gml"


def geoparquet(path: Path) -> Path:
    frame().to_parquet(path / "works.parquet")
    return path / "works.parquet"


def geojson_of_qgis(path: Path) -> Path:
    """Lambert 72 in GeoJSON, with the `crs` member of before RFC 7946."""
    frame().to_file(path / "works.geojson", driver="GeoJSON")
    return path / "works.geojson"


def shapefile(path: Path, encoding: str = "cp1252", *, says: bool = True) -> Path:
    """A zipped shapefile in a folder of the archive, as Windows makes it."""
    folder = path / "shape"
    folder.mkdir(exist_ok=True)
    frame().to_file(folder / "werken.shp", driver="ESRI Shapefile", encoding=encoding)
    if not says:
        (folder / "werken.cpg").unlink()
        with (folder / "werken.dbf").open("r+b") as table:
            table.seek(29)
            table.write(b"\x00")
    with zipfile.ZipFile(path / "works.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for one in folder.iterdir():
            archive.write(one, f"levering 2026/{one.name}")
    return path / "works.zip"


def table(rows: Sequence[Mapping[str, Any]] = ROWS, crs: int = 31370) -> list[dict[str, Any]]:
    """The rows with the middle of their ground in `X` and `Y`, with a decimal comma."""
    middles = [ground(place, crs).centroid for place in range(len(rows))]
    return [
        {**row, "X": f"{at.x:.7f}".replace(".", ","), "Y": f"{at.y:.7f}".replace(".", ",")}
        for row, at in zip(rows, middles, strict=True)
    ]


def csv_file(
    path: Path, rows: Sequence[Mapping[str, Any]], encoding: str = "utf-8", delimiter: str = ";"
) -> Path:
    with (path / "works.csv").open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path / "works.csv"


def workbook(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    title: str | None = None,
    change: Callable[[Any], None] | None = None,
) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    if change:
        change(sheet)
    book.save(path / "works.xlsx")
    return path / "works.xlsx"


def drawing(path: Path, x: float = 68_700, y: float = 179_100) -> Path:
    """A sewer of two lines and a closed outline, a block with a crane, a text; on layers."""
    drawn = ezdxf.new(setup=True)
    space = drawn.modelspace()
    space.add_line((x, y), (x + 20, y), dxfattribs={"layer": "RIOOL"})
    space.add_lwpolyline([(x + 20, y), (x + 20, y + 10), (x + 30, y + 10)], dxfattribs={"layer": "RIOOL"})
    space.add_lwpolyline(
        [(x + 40, y), (x + 44, y), (x + 44, y + 4)], close=True, dxfattribs={"layer": "WERFZONE"}
    )
    block = drawn.blocks.new("KRAAN")
    block.add_circle((0, 0), 2)
    space.add_blockref("KRAAN", (x + 60, y), dxfattribs={"layer": "WERFZONE"})
    space.add_text("Gentsestraat", dxfattribs={"layer": "TEKST"}).set_placement((x, y))
    drawn.saveas(path / "works.dxf")
    return path / "works.dxf"
