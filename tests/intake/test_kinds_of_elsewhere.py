"""Kinds of files that users of other programs stumble over: read as their writers mean them, or refused with what is wrong. The list is in docs/files-tried.md."""

import gzip
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
import shapely

from geo_service.domain.errors import GeoServiceError, SourceUnreachable
from tests.intake import papers
from tests.intake.conftest import write_json
from tests.intake.reading import POINT, came, collection, feature, simple

XY = simple('crs = 4326\nplace = { x = "lon", y = "lat" }')
WKT = simple('place = { wkt = "wkt" }')
ROW = {"nr": "A1", "straat": "Kerkstraat", "van": "2027-03-01", "tot": "2027-03-10", "lon": "3,2175", "lat": "50,9208"}  # fmt: skip


def text(path: Path, content: str | bytes, name: str = "a.csv") -> Path:
    (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path / name


def changed(path: Path, member: str, change: Callable[[bytes], bytes] | None) -> Path:
    """A workbook with one part changed, or without it."""
    with zipfile.ZipFile(path) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    if change is None:
        del inside[member]
    else:
        inside[member] = change(inside[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return path


def test_a_workbook_without_styles_is_read(tmp_path: Path) -> None:
    file = changed(papers.workbook(tmp_path, [ROW]), "xl/styles.xml", None)
    assert len(came(file, XY).works) == 1


def test_styles_that_no_library_reads_are_one_line_and_no_traceback(tmp_path: Path) -> None:
    file = changed(
        papers.workbook(tmp_path, [ROW]),
        "xl/styles.xml",
        lambda part: part.replace(b"<cellXfs", b"<cellXfs count='x'><bad/></cellXfs><x", 1),
    )
    with pytest.raises(SourceUnreachable) as refused:
        came(file, XY)
    assert "\n" not in str(refused.value)


def test_a_workbook_that_counts_from_1904_has_its_own_days(tmp_path: Path) -> None:
    file = papers.workbook(tmp_path, [{**ROW, "van": date(2027, 3, 1), "tot": date(2027, 3, 10)}])
    book = openpyxl.load_workbook(file)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(file)
    assert came(file, XY).days == [("2027-03-01", "2027-03-11")]


@pytest.mark.parametrize(("name", "content"), [("a.xls", b""), ("a.xlsx", b"")])
def test_an_old_excel_or_one_with_a_password_is_called_so(tmp_path: Path, name: str, content: bytes) -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    with pytest.raises(SourceUnreachable) as refused:
        came(text(tmp_path, head + content, name), XY)
    assert refused.value.reason == "file_old_excel"


def test_xml_under_the_name_of_a_workbook_is_not_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachable) as refused:
        came(text(tmp_path, '<?xml version="1.0"?><Workbook/>', "a.xlsx"), XY)
    assert refused.value.reason == "file_not_as_named"


def test_a_workbook_in_a_zip_file_is_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.write(papers.workbook(tmp_path, [ROW]), "Planning.xlsx")
    assert len(came(tmp_path / "z.zip", XY).works) == 1


GML = """<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="http://a">
<wfs:member><a:w gml:id="w1"><a:nr>A1</a:nr><a:straat>x</a:straat><a:van>2027-03-01Z</a:van><a:tot>2027-03-10Z</a:tot>
<a:geom><gml:Point srsName="{}"><gml:pos>{}</gml:pos></gml:Point></a:geom></a:w></wfs:member></wfs:FeatureCollection>"""


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "50.9208 3.2176"), ("http://www.opengis.net/def/crs/EPSG/0/4326", "50.9208 3.2176"), ("EPSG:4326", "3.2176 50.9208"),
        ("urn:ogc:def:crs:EPSG::31370", "69053 179569"),
    ],
)  # fmt: skip
def test_gml_says_the_order_of_its_axes_by_the_name_of_its_crs(tmp_path: Path, name: str, place: str) -> None:
    [works] = came(text(tmp_path, GML.format(name, place), "a.gml")).works
    assert round(works.phases[0].geometry.centroid.x, -3) == 69_000


@pytest.mark.parametrize(
    "cell",
    [
        "<http://www.opengis.net/def/crs/EPSG/0/31370> POINT (69053 179569)", "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (50.9208 3.2176)",
        "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (3.2176 50.9208)", "<urn:ogc:def:crs:EPSG::4326> POINT Z (50.9208 3.2176 7)",
    ],
)  # fmt: skip
def test_wkt_of_linked_data_names_its_crs_by_an_address(tmp_path: Path, cell: str) -> None:
    [works] = came(papers.csv_file(tmp_path, [{**ROW, "wkt": cell}]), WKT).works
    assert round(works.phases[0].geometry.centroid.x, -3) == 69_000


@pytest.mark.parametrize("part", [".dbf", ".shx"])
def test_a_shapefile_without_one_of_its_parts_says_which(tmp_path: Path, part: str) -> None:
    papers.frame().to_file(tmp_path / "w.shp")
    (tmp_path / "w").with_suffix(part).unlink()
    with pytest.raises(SourceUnreachable, match=rf"w\.shp lacks its {part}"):
        came(tmp_path / "w.shp", papers.MAPPING)


@pytest.mark.parametrize("end", ["\x1a", "\x1a\r\n", "\n\x1a"])
def test_the_sign_with_which_dos_ends_a_file_is_no_row(tmp_path: Path, end: str) -> None:
    table = papers.csv_file(tmp_path, [ROW, {**ROW, "nr": "A2"}]).read_text(encoding="utf-8")
    found = came(text(tmp_path, table + end), XY)
    assert (len(found.works), found.rejections) == (2, [])


def test_a_delimiter_too_many_on_every_line_is_no_column(tmp_path: Path) -> None:
    table = papers.csv_file(tmp_path, [ROW]).read_text(encoding="utf-8")
    assert len(came(text(tmp_path, "\n".join(f"{line};" for line in table.split())), XY).works) == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_head_of_a_second_table_gives_its_own_order(tmp_path: Path, form: str) -> None:
    same, other = list(ROW), ["straat", "nr", *list(ROW)[:1:-1]]
    values = [{**ROW, "nr": f"A{number}"} for number in (1, 2, 3)]
    table = [list(ROW), list(values[0].values()), same, list(values[1].values()), other, [values[2][name] for name in other]]  # fmt: skip
    if form == "csv":
        lines = [";".join(cells) for cells in table]
        file = text(tmp_path, "\n".join([*lines[:2], f"\ufeff{lines[2]}", *lines[3:]]) + "\n")
    else:
        file = papers.workbook(tmp_path, [dict(zip(ROW, cells, strict=True)) for cells in table[1:]])
    found = came(file, XY)
    assert ([(one.source_id, one.title) for one in found.works], found.rejections) == ([(f"A{number}", "Kerkstraat") for number in (1, 2, 3)], [])  # fmt: skip


def test_a_text_in_utf_8_is_that_whatever_the_mapping_says(tmp_path: Path) -> None:
    table = papers.csv_file(tmp_path, [{**ROW, "straat": "Rue de la Régie"}]).read_text(encoding="utf-8")
    mapping = XY.replace("[constants]", 'encoding = "cp1252"\n[constants]')
    for encoding, named in (("utf-8-sig", "cp1252"), ("utf-8", "cp1252"), ("cp1252", None)):
        found = came(text(tmp_path, table.encode(encoding)), mapping)
        assert ([one.title for one in found.works], found.remarks.encoding) == (["Rue de la Régie"], named)
    assert came(text(tmp_path, table.replace("é", "e")), mapping).remarks.encoding is None


def test_a_shapefile_in_utf_8_is_that_whatever_its_code_page_says(tmp_path: Path) -> None:
    papers.shapefile(tmp_path, "utf-8", says=False)
    file = tmp_path / "shape" / "werken.shp"
    for page, mapping, named in ((b"\x57", papers.MAPPING, "LDID 0x57"), (b"\x00", f'encoding = "cp1252"{papers.MAPPING}', "cp1252")):  # fmt: skip
        with file.with_suffix(".dbf").open("r+b") as table:
            table.seek(29)
            table.write(page)
        found = came(file, mapping)
        assert ({one.owner for one in found.works}, found.remarks.encoding) == ({"Café De Kroon"}, named)


def test_a_gml_leaves_and_believes_no_cache_beside_it(tmp_path: Path) -> None:
    file = papers.gml(tmp_path)
    file.with_suffix(".xsd").unlink()
    file.with_suffix(".gfs").write_text("<GMLFeatureClassList></GMLFeatureClassList>", "utf-8")
    assert [one.source_id for one in came(file, papers.MAPPING).works] == ["w1", "w2", "w3"]
    file.with_suffix(".gfs").unlink()
    came(file, papers.MAPPING)
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("value", "count"),
    [(feature(), 1), ([feature(), feature(nr="A2")], 2), (collection(feature()), 1)],
)
def test_one_feature_and_a_list_of_features_are_read_as_a_collection_is(
    tmp_path: Path, value: Any, count: int
) -> None:
    assert len(came(write_json(tmp_path / "a.geojson", value)).works) == count


LAMBERT = {"type": "Point", "coordinates": [69053, 179569]}


@pytest.mark.parametrize(
    ("place", "crs"),
    [
        (LAMBERT, {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::31370"}}), (LAMBERT, {"type": "EPSG", "properties": {"code": 31370}}),
        (LAMBERT, {"type": "name", "properties": {"name": "EPSG:6190"}}), (POINT, {"type": "name", "properties": {"name": "EPSG:4979"}}),
        (POINT, {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/OGC/0/CRS84h"}}),
    ],
)  # fmt: skip
def test_geojson_names_its_crs_before_or_after_the_features(tmp_path: Path, place: Any, crs: Any) -> None:
    whole = collection(*(feature(place, nr=str(number), nota="x" * 300) for number in range(1000)))
    for members in ({"crs": crs, **whole}, {**whole, "crs": crs}):
        file = write_json(tmp_path / "a.geojson", members)
        assert len(came(file).works) == 1000
    packed = tmp_path / "a.geojson.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert len(came(packed).works) == 1000


@pytest.mark.parametrize("crs", ["EPSG:6190", "EPSG:4979", "OGC:CRS84"])
def test_a_crs_with_a_height_or_another_order_is_that_of_the_ground(tmp_path: Path, crs: str) -> None:
    papers.frame(31370 if crs == "EPSG:6190" else 4326).set_crs(crs, allow_override=True).to_file(tmp_path / "a.gpkg")  # fmt: skip
    assert len(came(tmp_path / "a.gpkg", papers.MAPPING).works) == 3


@pytest.mark.parametrize("more", [[], [7], [7, 1]])
@pytest.mark.parametrize("kind", ["Point", "LineString", "Polygon"])
def test_heights_and_measures_in_geojson_are_left_out(tmp_path: Path, kind: str, more: list[int]) -> None:
    places = [[x, y, *more] for x, y in ((3.2176, 50.92), (3.2177, 50.92), (3.2177, 50.9201), (3.2176, 50.92))]  # fmt: skip
    coordinates = {"Point": places[0], "LineString": places[:2], "Polygon": [places]}[kind]
    drawn = {"type": kind, "coordinates": coordinates}
    assert len(came(write_json(tmp_path / "a.geojson", collection(feature(drawn)))).works) == 1


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2027/03/01 00:00:00+00", "2027-03-01"), ("2027-03-01 00:00:00 UTC", "2027-03-01"), ("2027/02/28 23:00:00+00", "2027-03-01"), ("2027-02-28T24:00:00", "2027-03-01"),
        ("2027/03/01", "2027-03-01"), ("2027.03.01", "2027-03-01"), ("2027-03-01T00:00:00.0000000Z", "2027-03-01"), ("2027-03-01T00:00:00+0100", "2027-03-01"),
        ("2027-03-01 00:00:00.000000000", "2027-03-01"),
    ],
)  # fmt: skip
def test_moments_of_other_programs_are_read(tmp_path: Path, given: str, day: str) -> None:
    found = came(write_json(tmp_path / "a.geojson", collection(feature(POINT, van=given))))
    assert [starts for starts, _ in found.days] == [day]


@pytest.mark.parametrize("word", ["NULL", "n.v.t.", "NaT", "-", "?", "nog te bepalen", "0000-00-00"])
def test_a_word_for_no_day_is_told_with_the_word(tmp_path: Path, word: str) -> None:
    found = came(papers.csv_file(tmp_path, [{**ROW, "tot": word}]), XY)
    assert (found.refused, word in found.rejections[0].message) == ({"A1": "date_invalid"}, True)


def test_moments_in_nanoseconds_are_read(tmp_path: Path) -> None:
    table = pyarrow.table(
        {
            "nr": ["A1"],
            "straat": ["x"],
            "van": pyarrow.array([1803859200000000001], pyarrow.timestamp("ns")),
            "tot": pyarrow.array([1804636800000000000], pyarrow.timestamp("ns", "UTC")),
            "geometry": [shapely.to_wkb(shapely.Point(3.2176, 50.92))],
        }
    )
    geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}}}  # fmt: skip
    pyarrow.parquet.write_table(
        table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), tmp_path / "a.parquet"
    )
    assert came(tmp_path / "a.parquet").days == [("2027-03-01", "2027-03-11")]


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        ({"type": "Point", "coordinates": [50.92, 3.2176]}, "geometry_axes_swapped"), ({"type": "Point", "coordinates": []}, None), ({"type": "Polygon", "coordinates": [[]]}, None),
        ({"type": "GeometryCollection", "geometries": []}, None), (None, "geometry_missing"), ({"type": "Point", "coordinates": [0, 0]}, "geometry_outside_region"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_is_the_fault_of_its_row(tmp_path: Path, drawn: Any, code: str | None) -> None:
    found = came(write_json(tmp_path / "a.geojson", collection(feature(), feature(drawn, nr="A2"))))
    assert [one.source_id for one in found.works] == ["A1"]
    assert [one.id for one in found.rejections] == ["A2"]
    assert code is None or found.refused == {"A2": code}


@pytest.mark.parametrize(
    "content",
    [b"", b" ", b"{", b"[", b"null", b"PK\x03\x04", b"fgb\x03", b"SQLite format 3\x00", b"\x00" * 100, b"nr;straat\n\"", b"<kml>", b"SRID=1;POINT(1 2)"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.geojson", "a.gml", "a.kml", "a.fgb", "a.gpkg", "a.parquet", "a.shp", "a.zip", "a.json", "a.dxf"])  # fmt: skip
def test_scraps_under_any_name_are_refused_in_one_line(tmp_path: Path, content: bytes, name: str) -> None:
    try:
        found = came(text(tmp_path, content, name), XY)
    except GeoServiceError as refused:
        assert "\n" not in str(refused)
    else:
        assert not found.works
