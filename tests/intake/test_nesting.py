"""Documents that are nested without end: each reader says so in one line, before it has built anything of it."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats import files, georeport, ldes, nesting, truncation
from geo_service.intake.formats.nesting import MOST_LEVELS, JsonDepth, TooDeep
from geo_service.intake.formats.raw_record import InvalidRow, RawRecord, ReadOptions
from tests.intake import papers
from tests.intake.test_pages import refusal

LEVELS = 100_000
FEW_S = 5.0
"""Whatever is built of so many levels takes minutes, or the machine."""


def brackets(levels: int) -> str:
    return "[" * levels


def elements(levels: int, name: str = "a") -> str:
    return f"<{name}>" * levels + f"</{name}>" * levels


def plain(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def gzipped(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()))
    return path


def zipped(path: Path, name: str, text: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return path


def workbook(folder: Path, levels: int) -> Path:
    path = papers.workbook(folder, papers.ROWS)
    with zipfile.ZipFile(path) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    inside[sheet] = inside[sheet].replace(b"</sheetData>", b"</sheetData>" + elements(levels).encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return path


def parquet(folder: Path, levels: int) -> Path:
    table = pyarrow.table({"g": [b"x"]}).replace_schema_metadata({"geo": brackets(levels)})
    pyarrow.parquet.write_table(table, folder / "x.parquet")
    return folder / "x.parquet"


KML, GML = '<kml xmlns="http://www.opengis.net/kml/2.2">{}</kml>', "<FeatureCollection>{}</FeatureCollection>"
FILES: dict[str, Callable[[Path, int], Path]] = {
    "brackets as GeoJSON": lambda folder, n: plain(folder / "x.geojson", brackets(n)),
    "GeoJSON, gzipped": lambda folder, n: gzipped(folder / "x.geojson.gz", brackets(n)),
    "GeoJSON, zipped": lambda folder, n: zipped(folder / "x.zip", "x.geojson", brackets(n)),
    "a member of a feature": lambda folder, n: plain(
        folder / "x.geojson", '{"type": "FeatureCollection", "features": [{"a":' + '{"a":' * n
    ),
    "brackets behind a long text": lambda folder, n: plain(
        folder / "x.geojson", f'{{"about": "{"x" * 100_000}", "features": [{brackets(n)}'
    ),
    "KML": lambda folder, n: plain(folder / "x.kml", KML.format(elements(n, "Folder"))),
    "KML, zipped": lambda folder, n: zipped(folder / "x.kmz", "doc.kml", KML.format(elements(n, "Folder"))),
    "GML": lambda folder, n: plain(folder / "x.gml", GML.format(elements(n))),
    "a workbook": workbook,
    "the metadata of GeoParquet": parquet,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_nested_without_end_costs_a_line(tmp_path: Path, name: str) -> None:
    path = FILES[name](tmp_path, LEVELS)
    start = time.process_time()
    with pytest.raises(SourceUnreachable) as refused:
        list(files.read(str(path), ReadOptions()))
    assert time.process_time() - start < FEW_S
    assert len(str(refused.value)) < 300


def test_twice_as_deep_takes_no_more_memory(tmp_path: Path) -> None:
    def peak(levels: int) -> int:
        path = plain(tmp_path / f"{levels}.geojson", brackets(levels))
        tracemalloc.start()
        with pytest.raises(SourceUnreachable, match="nested deeper than 1000 levels"):
            list(files.read(str(path), ReadOptions()))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(400_000) < 2 * peak(200_000) + (1 << 20)
    assert peak(200_000) < 16 << 20  # it was 20 GB


@pytest.mark.parametrize(
    ("tail", "members"),
    [
        (b'[{"a": []}], "next": ' + b"[" * LEVELS, {}),
        (b'[{"a": {"b": []}}], "next": "x"}', {"": 0, "next": "x"}),
    ],
)
def test_members_behind_the_records_are_found_or_left_however_deep_they_are(
    tail: bytes, members: dict[str, Any]
) -> None:
    assert truncation.after_array(tail, "features") == members


def test_a_line_that_is_nested_is_a_row_that_cannot_be_read(tmp_path: Path) -> None:
    path = plain(tmp_path / "x.jsonl", f"{brackets(LEVELS)}\n" + '{"a": 1}\n')
    assert [type(one) for one in files.read(str(path), ReadOptions())] == [InvalidRow, RawRecord]


def test_a_page_of_a_server_that_is_nested_is_refused() -> None:
    assert "no complete JSON" in refusal(lambda *_: (200, "application/json", brackets(LEVELS).encode()))


@pytest.mark.parametrize("content", [brackets(LEVELS), '{"@graph":' + '{"a":' * LEVELS])
def test_linked_data_that_is_nested_is_refused(content: str) -> None:
    with pytest.raises(SourceUnreachable):
        ldes._json_page(content.encode(), "x")


def test_a_report_in_xml_that_is_nested_is_none() -> None:
    assert georeport._tree(elements(LEVELS).encode()) is None
    assert georeport._tree(b"<service_requests><request/></service_requests>") is not None


SOUND = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='[]{}"\\ab,:', max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet='[{"\\', max_size=5), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


def depth(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, dict | list) and 1 + max(map(depth, parts), default=0)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(value=SOUND, size=st.integers(1, 7), extra=st.integers(0, 2 * MOST_LEVELS))
def test_the_depth_is_that_of_the_document_however_it_is_cut_to_pieces(
    value: Any, size: int, extra: int
) -> None:
    content = json.dumps(["[" * extra] * 2 + [value]).encode()
    nested = b"[" * extra + content + b"]" * extra
    counter = JsonDepth()

    def feed() -> None:
        for start in range(0, len(nested), size):
            counter.feed(nested[start : start + size])

    if extra + 1 + depth(value) > MOST_LEVELS:
        with pytest.raises(TooDeep):
            feed()
    else:
        feed()
        assert (counter._depth, counter._in_string) == (0, False)


def test_real_data_is_far_from_too_deep() -> None:
    ring = [[[[3.2, 50.9]] * 4]]
    nested = {"type": "GeometryCollection", "geometries": [{"type": "MultiPolygon", "coordinates": ring}] * 3}
    nesting.check_json(json.dumps({"features": [{"geometry": nested}]}).encode())


def test_a_table_has_no_thousands_of_columns(tmp_path: Path) -> None:
    def seconds(columns: int) -> float:
        path = plain(tmp_path / "x.csv", ";".join(f"k{n}" for n in range(columns)) + "\n")
        start = time.process_time()
        with pytest.raises(SourceUnreachable, match=r"x\.csv has \d+ columns, more than 2000"):
            list(files.read(str(path), ReadOptions()))
        return time.process_time() - start

    assert seconds(200_000) < 3 * seconds(100_000) + 0.3


def test_an_archive_has_no_tens_of_thousands_of_files(tmp_path: Path) -> None:
    def seconds(members: int) -> float:
        path = tmp_path / f"{members}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(members):
                archive.writestr(f"{number}.csv", b"a;b\n")
        return min(refused(path) for _ in range(3))  # other tests' garbage may be collected in one of them

    def refused(path: Path) -> float:
        start = time.process_time()
        with pytest.raises(SourceUnreachable, match=r"\d+\.zip holds \d+ files, more than 2000"):
            list(files.read(str(path), ReadOptions()))
        return time.process_time() - start

    assert seconds(20_000) < 3 * seconds(10_000) + 0.5
