"""A file that cannot be read to its end is named and changes nothing."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo_service.domain.errors import GeoServiceError, InvalidInput, SourceUnreachable
from geo_service.intake.formats import origin
from tests.intake import papers
from tests.intake.conftest import Import
from tests.intake.file_scenes import WITH_XY, Rows, mapping
from tests.intake.serving import endless

__all__ = ["mapping"]  # fixtures


def cut(write: Callable[[Path], Path], share: float = 0.6) -> Callable[[Path], Path]:
    def file(folder: Path) -> Path:
        whole = write(folder)
        content = whole.read_bytes()
        whole.write_bytes(content[: int(len(content) * share)])
        return whole

    return file


def bomb(folder: Path, name: str = "works.zip") -> Path:
    with (
        zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("werken.shp", "w") as member,
    ):
        for _ in range(66):
            member.write(bytes(1 << 20))
    return folder / name


def gzip_bomb(folder: Path) -> Path:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream:
        stream.write(b'{"type": "FeatureCollection", "features": [')
        for _ in range(66):
            stream.write(b" " * (1 << 20))
    (folder / "works.geojson.gz").write_bytes(packed.getvalue())
    return folder / "works.geojson.gz"


def entity_bomb(folder: Path) -> Path:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY e0 "boom">{entities}]><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>&e11;</name></Document></kml>'
    (folder / "works.kml").write_text(text, encoding="utf-8")
    return folder / "works.kml"


def excel_entity_bomb(folder: Path) -> Path:
    good = papers.workbook(folder, papers.table())
    bad = folder / "bad.xlsx"
    with zipfile.ZipFile(good) as inside, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as outside:
        for one in inside.namelist():
            text = inside.read(one)
            if one.endswith("sheet1.xml"):
                text = text.replace(
                    b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet', 1
                )
            outside.writestr(one, text)
    return bad


def shortened(archive: Path) -> Path:
    """The zip file is whole, the shapefile in it is not."""
    bad = archive.with_name("short.zip")
    with zipfile.ZipFile(archive) as inside, zipfile.ZipFile(bad, "w") as outside:
        for one in inside.namelist():
            outside.writestr(one, inside.read(one)[: -80 if one.endswith(".shp") else None])
    return bad


def text_file(name: str, content: bytes) -> Callable[[Path], Path]:
    def file(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return file


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (cut(papers.geopackage), "works.gpkg is damaged or cut off"),
        (cut(papers.geoparquet), "works.parquet is damaged or cut off"),
        (cut(papers.shapefile), "works.zip is no complete zip file"),
        (lambda folder: shortened(papers.shapefile(folder)), "werken.shp is damaged or cut off"),
        (cut(papers.kml), "works.kml is damaged or cut off"),
        (cut(papers.gml), "works.gml is damaged or cut off"),
        (cut(papers.drawing), "works.dxf is no complete DXF drawing"),
        (cut(lambda folder: papers.workbook(folder, papers.table())), "works.xlsx is no complete"),
        (bomb, "zip bomb"),
        (lambda folder: bomb(folder, "works.xlsx"), "zip bomb"),
        (gzip_bomb, "zip bomb"),
        (entity_bomb, "works.kml declares entities of its own"),
        (excel_entity_bomb, "bad.xlsx"),
        (text_file("works.csv", b"<!DOCTYPE html><html>"), "page for people"),
        (text_file("works.csv", b""), "is empty"),
        (text_file("works.csv", b"PAR1 or not"), "works.csv is damaged or cut off"),
        (text_file("works.mdb", b"\x00\x01"), "of no kind that we read"),
        (text_file("works.csv", b"a;b\n" + b"x" * (5 << 20)), "line 2 is longer"),
        (text_file("works.csv", b'a;b\n"x;y\n'), "line 2"),
        (text_file("works.gpkg", b"SQLite format 3\x00" + bytes(4000)), "works.gpkg"),
        (lambda folder: folder / "none.gpkg", "cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_to_its_end_changes_nothing(
    take_in: Import, rows: Rows, mapping: Any, tmp_path: Path, write: Callable[[Path], Path], said: str
) -> None:
    with pytest.raises(GeoServiceError, match=said) as refused:
        take_in("works", write(tmp_path), mapping=mapping(WITH_XY, "crs = 31370"))
    assert isinstance(refused.value, SourceUnreachable | InvalidInput)
    assert rows("SELECT count(*) FROM works") == [0]
    assert rows("SELECT status FROM imports") == ["failed"]


def test_an_endless_answer_is_cut_off() -> None:
    with (
        endless() as url,
        pytest.raises(SourceUnreachable, match="goes on after"),
        origin.local(url, most_bytes=1 << 20),
    ):
        raise AssertionError("it should not have been believed")
