"""Texts of Windows and DOS in files that promise UTF-8 or ANSI, and drawings in millimetres."""

from __future__ import annotations

import json
from pathlib import Path

import ezdxf
import pytest
from ezdxf import units

from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats.dxf import _unit_m
from tests.intake import papers
from tests.intake.file_scenes import DRAWN
from tests.intake.reading import came, collection, feature, simple

STREET = "Rue de la Régie"


def geojson(path: Path, encoding: str) -> Path:
    text = json.dumps(collection(feature(straat=STREET)), ensure_ascii=False)
    file = path / "works.geojson"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "utf-16-le"])
def test_geojson_is_read_in_the_encoding_that_the_mapping_names(tmp_path: Path, encoding: str) -> None:
    file = geojson(tmp_path, encoding)
    with pytest.raises(InvalidInput) as refused:
        came(file)
    assert refused.value.errors[0].field == "encoding"
    mapping = f'encoding = "{encoding}"\n{simple()}'
    assert [one.title for one in came(file, mapping).works] == [STREET]


def test_geojson_in_utf_8_is_that_whatever_the_mapping_says(tmp_path: Path) -> None:
    found = came(geojson(tmp_path, "utf-8"), f'encoding = "cp1252"\n{simple()}')
    assert ([one.title for one in found.works], found.remarks.encoding) == ([STREET], "cp1252")


def test_geojson_that_is_not_in_the_encoding_of_the_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="ascii"):
        came(geojson(tmp_path, "cp1252"), f'encoding = "ascii"\n{simple()}')


@pytest.mark.parametrize("codec", ["hex", "rot13", "undefined", "no such"])
def test_a_codec_that_is_no_encoding_of_texts_is_named(tmp_path: Path, codec: str) -> None:
    with pytest.raises(InvalidInput, match=codec):
        came(geojson(tmp_path, "cp1252"), f'encoding = "{codec}"\n{simple()}')


def test_a_drawing_in_millimetres_is_measured_without_its_blocks(tmp_path: Path) -> None:
    """Blocks in blocks have parts without end, and are counted as they are read."""
    drawn = ezdxf.new(units=units.MM)
    drawn.blocks.new("B0").add_line((0, 0), (1, 0))
    for level in range(1, 9):
        block = drawn.blocks.new(f"B{level}")
        for n in range(20):
            block.add_blockref(f"B{level - 1}", (n, 0))
    drawn.modelspace().add_blockref("B8", (68_700_000, 179_100_000))
    assert _unit_m(drawn) == 0.001


def dbf(path: Path, text: str, encoding: str, code_page: int = 0x57) -> Path:
    """A shapefile without `.cpg` whose owners are called `text`, in a table that says ANSI."""
    papers.shapefile(path, encoding, says=False)
    file = path / "shape" / "werken.shp"
    content = file.with_suffix(".dbf").read_bytes().replace("Café De Kroon".encode(encoding), text.encode(encoding))  # fmt: skip
    file.with_suffix(".dbf").write_bytes(content[:29] + bytes([code_page]) + content[30:])
    return file


@pytest.mark.parametrize("text", ["Café De Kroon", "Café ’t Hof €", "Café “Hof” … "])
def test_a_table_that_says_ansi_has_the_quotes_and_euros_of_windows(tmp_path: Path, text: str) -> None:
    found = came(dbf(tmp_path, text.ljust(13), "cp1252"), papers.MAPPING)
    assert {one.owner for one in found.works} == {text.strip()}


def test_a_table_of_dos_that_says_ansi_is_refused_until_the_mapping_names_its_encoding(
    tmp_path: Path,
) -> None:
    file = dbf(tmp_path, "Café De Kroon", "cp850")
    with pytest.raises(InvalidInput, match="cp850"):
        came(file, papers.MAPPING)
    found = came(file, f'encoding = "cp850"{papers.MAPPING}')
    assert {one.owner for one in found.works} == {"Café De Kroon"}


@pytest.mark.parametrize(("unit", "scale"), [(units.M, 1), (units.MM, 1), (units.MM, 1000), (units.CM, 100)])
def test_a_drawing_has_its_size_in_metres(tmp_path: Path, unit: int, scale: float) -> None:
    """AutoCAD's template names millimetres, and most that begin with it draw in metres all the same."""
    drawn = ezdxf.new(units=unit)
    x, y, radius = 68_700, 179_100, 10
    drawn.modelspace().add_circle((x * scale, y * scale), radius * scale, dxfattribs={"layer": "WERFZONE"})
    drawn.saveas(tmp_path / "works.dxf")
    [works] = came(tmp_path / "works.dxf", f"crs = 31370{DRAWN}").works
    [phase] = works.phases
    middle = phase.geometry.centroid
    assert (round(middle.x), round(middle.y)) == (x, y)
    assert phase.geometry.area == pytest.approx(314.16, rel=0.02)
    assert len(phase.geometry.exterior.coords) < 200
