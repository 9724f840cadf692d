"""Files that are made, or happen, to be more than they seem: each costs one clear line, bounded memory and time, and no row is lost unseen."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import ezdxf
import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.domain.messages import english
from geo_service.intake import fetch
from geo_service.intake.formats import dxf
from geo_service.intake.formats.raw_record import UnreadableValue
from tests.intake import papers
from tests.intake.hostile_scenes import read


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_zip_file_of_a_mac_holds_what_was_put_in(tmp_path: Path) -> None:
    inside = members(papers.shapefile(tmp_path))
    beside = {f"__MACOSX/._{name.rpartition('/')[2]}": b"\x00\x05\x16\x07" for name in inside}
    assert len(read(zipped(tmp_path / "mac.zip", inside | beside))) == 3


def test_a_zip_file_with_one_name_in_two_folders_is_refused(tmp_path: Path) -> None:
    inside = members(papers.shapefile(tmp_path))
    twice = {f"{folder}/{name}": content for folder in "ab" for name, content in inside.items()}
    with pytest.raises(SourceUnreachable, match=r"two files called werken\.\w+"):
        read(zipped(tmp_path / "two.zip", twice))


@pytest.mark.parametrize("name", ["works.gpkg.gz", "works.zip"])
def test_what_comes_over_http_unpacks_to_no_more_than_its_limits(tmp_path: Path, name: str) -> None:
    content = papers.geopackage(tmp_path).read_bytes()
    if name.endswith("zip"):
        zipped(tmp_path / name, {"works.gpkg": content})
    else:
        (tmp_path / name).write_bytes(gzip.compress(content))
    assert len(read(tmp_path / name)) == 3
    small = fetch.Limits(len(content) // (2 * fetch.UNPACKED), 60, allow_private=False)
    with fetch.limit_scope(small), pytest.raises(SourceUnreachable, match="unpacks to"):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("geo", "column"),
    [
        ({"primary_column": "nope", "columns": {"nope": {"encoding": "WKB"}}}, "nope"),
        ({"primary_column": "a", "columns": {"a": {"encoding": "WKB"}}}, "a"),
        ({"primary_column": "g", "columns": {"g": 5}}, "geometry column"),
    ],
)
def test_parquet_that_misnames_its_geometry_is_refused(
    tmp_path: Path, geo: dict[str, Any], column: str
) -> None:
    table = pyarrow.table({"a": [1], "g": [b"x"]})
    pyarrow.parquet.write_table(
        table.replace_schema_metadata({"geo": json.dumps(geo)}), tmp_path / "x.parquet"
    )
    with pytest.raises(SourceUnreachable, match=rf"x\.parquet .*{column}"):
        read(tmp_path / "x.parquet")


def test_the_names_of_columns_may_hold_a_line_break(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('"Nr\nwerk";Eigenaar\nw1;Fluvius\n', encoding="utf-8")
    assert [one.record["properties"] for one in read(tmp_path / "x.csv")] == [
        {"Nr\nwerk": "w1", "Eigenaar": "Fluvius"}
    ]


def test_a_name_of_a_column_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(f"Nr;{'x' * 200_000}\nw1;Fluvius\n", encoding="utf-8")
    assert len(read(tmp_path / "x.csv")) == 1
    (tmp_path / "x.csv").write_text(f'Nr;"{"x" * 80}\n' * 100_000, encoding="utf-8")
    with pytest.raises(SourceUnreachable, match=r"x\.csv, line \d+: "):
        read(tmp_path / "x.csv")


def test_a_table_in_utf_16_without_its_mark_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Nr;Eigenaar\nw1;Fluvius\n", encoding="utf-16-le")
    with pytest.raises(InvalidInput, match="UTF-16: save it as UTF-8"):
        read(tmp_path / "x.csv")


def with_merges(path: Path, spans: list[str]) -> Path:
    """As written by hand: whoever draws them in a program needs a day."""
    inside = members(path)
    merges = "".join(f'<mergeCell ref="{span}"/>' for span in spans)
    sheet = inside["xl/worksheets/sheet1.xml"].decode()
    changed = sheet.replace("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")
    return zipped(path, {**inside, "xl/worksheets/sheet1.xml": changed.encode()})


def test_merged_cells_are_told_however_far_they_reach(tmp_path: Path) -> None:
    rows = [papers.ROWS[0]] * 3
    found = read(with_merges(papers.workbook(tmp_path, rows), ["A3:B1000000"]))
    covered = [[name for name, cell in one.record["properties"].items() if isinstance(cell, UnreadableValue)] for one in found]  # fmt: skip
    assert covered == [[], ["Eigenaar"], ["Nr", "Eigenaar"]]
    cell = found[1].record["properties"]["Eigenaar"]
    assert (
        english(cell.reason, {**cell.params, "column": "x"})
        == "A3:B1000000 is merged, so that x may be empty here"
    )


def test_a_hundred_thousand_ranges_of_a_million_rows_are_read_as_they_are_written(tmp_path: Path) -> None:
    spans = [f"A2:B{1_048_000 + n % 500}" for n in range(100_000)]
    found = read(with_merges(papers.workbook(tmp_path, papers.ROWS), spans))
    cells = [one.record["properties"]["Eigenaar"] for one in found]
    assert all(len(english(one.reason, {**one.params, "column": "x"})) < 300 for one in cells)


def test_a_workbook_that_was_once_formatted_to_its_last_cell_is_as_large_as_its_rows(tmp_path: Path) -> None:
    def touch(sheet: Any) -> None:
        sheet["XFD1048576"].font = openpyxl.styles.Font(bold=True)

    assert len(read(papers.workbook(tmp_path, papers.ROWS, change=touch))) == 3  # it took an hour


def blocks(path: Path, deep: int, wide: int) -> Path:
    """Each block holds the next one so many times."""
    drawn = ezdxf.new()
    for level in range(deep):
        block = drawn.blocks.new(f"B{level}")
        for n in range(wide):
            if level == 0:
                block.add_line((n, 0), (n, 1))
            else:
                block.add_blockref(f"B{level - 1}", (n, 0))
    drawn.modelspace().add_blockref(f"B{deep - 1}", (68_700, 179_100))
    drawn.saveas(path)
    return path


def test_a_drawing_whose_blocks_multiply_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dxf, "MOST_PARTS", 1000)
    assert len(read(blocks(tmp_path / "small.dxf", 3, 4))) == 64
    with pytest.raises(SourceUnreachable, match=r"bomb\.dxf .*more than 1000 parts"):
        read(blocks(tmp_path / "bomb.dxf", 8, 10))


def test_a_block_that_stands_in_rows_and_columns_is_there_as_often(tmp_path: Path) -> None:
    drawn = ezdxf.new()
    drawn.blocks.new("KRAAN").add_line((0, 0), (0, 1))
    grid = {"row_count": 2, "column_count": 3, "row_spacing": 10, "column_spacing": 10}
    drawn.modelspace().add_blockref("KRAAN", (68_700, 179_100), dxfattribs=grid)
    drawn.saveas(tmp_path / "grid.dxf")
    places = {tuple(one.record["geometry"]["coordinates"][0][:2]) for one in read(tmp_path / "grid.dxf")}
    assert places == {(68_700 + 10.0 * x, 179_100 + 10.0 * y) for x in range(3) for y in range(2)}


def test_a_flatgeobuf_that_is_cut_off_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "works.fgb"
    papers.frame().to_file(path, driver="FlatGeobuf")
    content = path.read_bytes()
    for length in range(len(content) // 4, len(content), 97):
        path.write_bytes(content[:length])
        with pytest.raises(
            SourceUnreachable, match=r"works\.fgb (is damaged or cut off|is called|has no layer)"
        ):
            read(path)


def test_a_table_that_ends_within_its_last_row_is_refused_whole(tmp_path: Path) -> None:
    path = papers.csv_file(tmp_path, papers.ROWS)
    content = path.read_bytes().rstrip()
    path.write_bytes(content)
    assert len(read(path)) == 3
    path.write_bytes(content[: content.rindex(b";") - 4])
    with pytest.raises(SourceUnreachable, match=r"works\.csv is cut off: its last line has 4 of 5 cells"):
        read(path)


def zip_of_the_future(folder: Path) -> Path:
    content = bytearray(papers.shapefile(folder).read_bytes())
    place = content.rindex(b"PK\x01\x02")
    content[place + 6 : place + 8] = (100).to_bytes(2, "little")
    (folder / "future.zip").write_bytes(content)
    return folder / "future.zip"


def drawing_cut_off(folder: Path) -> Path:
    """In its header, where ezdxf runs out of tags."""
    path = papers.drawing(folder)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:6]), encoding="utf-8")
    return path


def parquet_of_bytes(folder: Path) -> Path:
    """A name of a column that is no text."""
    path = papers.geoparquet(folder)
    path.write_bytes(path.read_bytes().replace(b"Eigenaar", b"Eig\xb4naar"))
    return path


@pytest.mark.parametrize("write", [zip_of_the_future, drawing_cut_off, parquet_of_bytes])
def test_what_a_library_stumbles_over_is_one_line(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path)
    with pytest.raises(SourceUnreachable) as refused:
        read(path)
    said = str(refused.value)
    assert said.startswith(path.name) and "\n" not in said and str(tmp_path) not in said and len(said) < 400


class _Wkb(pyarrow.ExtensionType):
    """As geoarrow registers it for the whole process."""

    def __init__(self) -> None:
        super().__init__(pyarrow.binary(), "geoarrow.wkb")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage_type: Any, serialized: bytes) -> _Wkb:
        return cls()


def test_a_library_that_teaches_arrow_a_type_for_geometry_changes_nothing(tmp_path: Path) -> None:
    path = papers.geoparquet(tmp_path)
    plain = read(path)
    try:
        pyarrow.register_extension_type(_Wkb())
        ours = True
    except pyarrow.ArrowKeyError:  # somebody has already
        ours = False
    try:
        assert isinstance(pyarrow.parquet.read_schema(path).field("geometry").type, pyarrow.BaseExtensionType)
        assert read(path) == plain
    finally:
        if ours:
            pyarrow.unregister_extension_type("geoarrow.wkb")
