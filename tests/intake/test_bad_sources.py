"""Sources that lie about being whole, or about being data: one line that says so, noted with the import; what was known stays."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import sqlalchemy as sa
from shapely import box

from geo_service import outbound
from geo_service.domain.errors import SourceUnreachable
from geo_service.intake import fetch
from geo_service.intake.formats import files, ldes
from tests.intake import papers
from tests.intake.conftest import Import, contents, counts, write_json
from tests.intake.innames import inname
from tests.intake.test_pages import Answer, page, server

Rows = Callable[[str], list[Any]]
Write = Callable[[Path], Path]


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    (tmp_path / "papers.toml").write_text(papers.MAPPING, encoding="utf-8")
    return str(tmp_path / "papers.toml")


def many(folder: Path, name: str, driver: str) -> Path:
    """Enough works that a page of the file can be lost in the middle."""
    rows = [{**papers.ROWS[0], "Nr": f"w{n}", "Eigenaar": "Fluvius " * 8} for n in range(800)]
    drawn = [box(68_700 + n, 179_100, 68_701 + n, 179_101) for n in range(len(rows))]
    geopandas.GeoDataFrame(rows, geometry=drawn, crs=31370).to_file(folder / name, driver=driver)
    return folder / name


def with_text(write: Write, before: str, text: str) -> Write:
    """The file with this in the middle of it, its head and its end as they were."""

    def file(folder: Path) -> Path:
        path = write(folder)
        path.write_text(path.read_text(encoding="utf-8").replace(before, text + before, 1), encoding="utf-8")
        return path

    return file


def with_entities(write: Write, declared: str, used: str) -> Write:
    def file(folder: Path) -> Path:
        path = with_text(write, "w2", used)(folder)
        head, _, rest = path.read_text(encoding="utf-8").partition("?>")
        path.write_text(f"{head}?><!DOCTYPE x [{declared}]>{rest}", encoding="utf-8")
        return path

    return file


LAUGHS = '<!ENTITY e0 "boom">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))


def page_lost(folder: Path) -> Path:
    path = many(folder, "works.gpkg", "GPKG")
    content = bytearray(path.read_bytes())
    half = len(content) // 2 // 4096 * 4096
    content[half : half + 8192] = bytes(8192)
    path.write_bytes(content)
    return path


def half_a_table(folder: Path) -> Path:
    table = many(folder, "werken.shp", "ESRI Shapefile").with_suffix(".dbf")
    table.write_bytes(table.read_bytes()[: table.stat().st_size // 2])
    with zipfile.ZipFile(folder / "works.zip", "w") as archive:
        for one in folder.glob("werken.*"):
            archive.write(one, one.name)
    return folder / "works.zip"


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (with_text(papers.gml, "w2", "<b>"), r"works.gml is damaged or cut off: mismatched tag: line \d+, column \d+"),
        (with_text(papers.gml, "w2", "&nope;"), "works.gml is damaged or cut off: undefined entity: line"),
        (with_text(papers.kml, "w2", "\x01"), "works.kml is damaged or cut off: not well-formed"),
        (with_entities(papers.gml, LAUGHS, "&e8;"), "works.gml declares entities of its own"),
        (with_entities(papers.kml, '<!ENTITY e SYSTEM "file:///etc/passwd">', "&e;"), "works.kml declares entities"),
        (page_lost, r"works.gpkg is damaged or cut off: only \d+ of 800 records can be read"),
        (half_a_table, r"werken.dbf is damaged or cut off: it announces 800 rows and holds 39\d"),
    ],
    ids=["GML, a tag", "GML, an entity", "KML, a byte", "GML, bomb", "KML, another file", "GeoPackage, a page", "Shapefile, its table"],
)  # fmt: skip
def test_a_file_damaged_in_its_middle_is_refused_whole_and_the_old_facts_stay(
    take_in: Import, city: sa.Engine, rows: Rows, mapping: str, tmp_path: Path, write: Write, said: str
) -> None:
    (tmp_path / "new").mkdir()
    take_in("works", papers.geopackage(tmp_path), mapping=mapping)
    before = contents(city)

    with pytest.raises(SourceUnreachable, match=said) as refused:
        take_in("works", write(tmp_path / "new"), mapping=mapping)

    assert str(tmp_path) not in str(refused.value), "the folder of our copy is nobody's business"
    after = contents(city)
    assert {name for name in before if before[name] != after[name]} == {"imports"}
    [(status, told)] = rows("SELECT status, report ->> 'message' FROM imports ORDER BY id DESC LIMIT 1")
    assert (status, told) == ("failed", str(refused.value))


def test_kml_in_latin_1_is_what_it_says(take_in: Import, rows: Rows, mapping: str, tmp_path: Path) -> None:
    path = papers.kml(tmp_path)
    text = path.read_text(encoding="utf-8").replace('encoding="utf-8"', 'encoding="ISO-8859-1"')
    path.write_text(text.replace("UTF-8", "ISO-8859-1"), encoding="latin-1")
    assert counts(take_in("works", path, mapping=mapping)) == {"read": 3, "created": 3}
    assert rows("SELECT DISTINCT name FROM organisations WHERE name LIKE 'Caf%'") == ["Café De Kroon"]


BUSY = b'<?xml version="1.0"?><ows:ExceptionReport><ows:Exception><ows:ExceptionText>Te veel\n vragen</ows:ExceptionText></ows:Exception></ows:ExceptionReport>'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, "text/html", b"<html><title>Onderhoud</title></html>"), "a page for people, as text/html, which says “Onderhoud”"),
        ((200, "application/json", b"<!doctype html><title>Aanmelden</title>"), "a page for people, as application/json, which says “Aanmelden”"),
        ((200, "text/xml", BUSY), "answers XML, as text/xml, which says “Te veel vragen”"),
        ((200, "application/json", b'{"code": "Busy", "description": "Probeer later"}'), "JSON, as application/json, which says “Probeer later”"),
        ((302, "text/plain", b""), "sends us round in circles"),
    ],
    ids=["HTML", "HTML as JSON", "XML", "JSON", "redirects"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("source", "path"),
    [("gipod", "/items"), ("gipod", "/wfs"), ("gipod-ldes", "/ldes"), ("open311", "/v2"), ("buildings", "/collections/GBG/items")],
)  # fmt: skip
def test_a_feed_that_answers_something_else_is_quoted_and_changes_nothing(
    take_in: Import, rows: Rows, source: str, path: str, answer: Answer, said: str
) -> None:
    status, kind, body = answer
    how = {"mapping": "building-register"} if source == "buildings" else {}
    if source == "gipod-ldes" and kind == "application/json" and body.startswith(b"{"):
        said = "is JSON, but no page of members"
    with server(lambda asked, _: (status, kind, body or asked.encode())) as (url, _):
        root = url.removesuffix("/collections/INNAME/items")
        with pytest.raises(SourceUnreachable) as refused:
            take_in(source, root + path, **how)
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert rows("SELECT status, report ->> 'message' FROM imports") == [("failed", str(refused.value))]
    assert rows("SELECT (SELECT count(*) FROM works) + (SELECT count(*) FROM buildings)") == [0]


def test_pages_that_repeat_by_offset_are_one_set_and_counted_once(take_in: Import) -> None:
    """GIPOD's first list was known for it: the second page begins with rows of the first, and skips none."""

    def script(path: str, _: int) -> Answer:
        if "offset=3" in path:
            return page(inname(3, x=150), inname(1), inname(4, x=200))
        return page(inname(1), inname(2, x=50), inname(3, x=150), next_="?offset=3")

    with server(script) as (url, _):
        assert counts(take_in("gipod", url)) == {"read": 4, "created": 4}


@pytest.mark.parametrize("source", ["gipod", "works"])
def test_a_public_address_that_leads_to_a_private_one_is_not_followed(
    take_in: Import, mapping: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """Only the name server is ours here: it says that a name of the internet is this machine."""
    addresses = outbound.addresses

    def named(url: str, *, allow_private: bool) -> list[str]:
        """The first address is one where nobody listens."""
        ours = ["127.0.0.2", "127.0.0.1"]
        return ours if "//works.example" in url else addresses(url, allow_private=allow_private)

    monkeypatch.setattr(outbound, "addresses", named)
    with server(lambda *_: page(inname(1))) as (inside, asked_inside):
        with server(lambda *_: (302, "text/plain", inside.encode())) as (outside, asked):
            public = outside.replace("127.0.0.1", "works.example")
            within = fetch.Limits(1 << 20, 60, allow_private=False)
            with fetch.limit_scope(within), pytest.raises(SourceUnreachable, match="private network"):
                take_in(source, public, mapping=mapping if source == "works" else None)
        assert len(asked) >= 1
        assert asked_inside == []


def test_a_wrong_crs_is_told_by_what_the_figures_look_like(take_in: Import, tmp_path: Path) -> None:
    lambert = {
        "type": "Polygon",
        "coordinates": [[[68_700, 179_100], [68_720, 179_100], [68_720, 179_101], [68_700, 179_100]]],
    }
    swapped = {"type": "Point", "coordinates": [50.92, 3.18]}
    feed = {
        "type": "FeatureCollection",
        "features": [inname(1), inname(2, shape=lambert), inname(3, shape=swapped)],
    }
    report = take_in("gipod", write_json(tmp_path / "page.json", feed))
    assert counts(report) == {"read": 3, "created": 1, "rejected": 2}
    assert [(one.code, one.field) for one in report.rejections] == [
        ("geometry_outside_region", "geometry"),
        ("geometry_axes_swapped", "geometry"),
    ]
    assert "looks like EPSG:31370" in next(iter(report.rejections)).message


SECRET = "x,y,Nr\n68700,179100,hunter2\n"
ELSEWHERE = (
    '<OGRVRTDataSource xmlns:gml="http://www.opengis.net/gml"><OGRVRTLayer name="secret"><SrcDataSource>{0}</SrcDataSource>'
    '<GeometryField encoding="PointFromColumns" x="x" y="y"/></OGRVRTLayer></OGRVRTDataSource>'
)
AFTER_A_WHILE = f"<!-- <OGRVRTDataSource {'.' * 70_000} -->{ELSEWHERE}"


@pytest.mark.parametrize("name", ["w.kml", "w.gml", "w.gpkg", "w.fgb", "w.shp"])
@pytest.mark.parametrize("text", [ELSEWHERE, AFTER_A_WHILE], ids=["at once", "after a while"])
def test_a_file_that_points_to_another_file_is_not_followed(tmp_path: Path, name: str, text: str) -> None:
    """GDAL reads by content: such a file may have any name, and point to whatever the service may read."""
    (tmp_path / "secret.csv").write_text(SECRET, encoding="utf-8")
    (tmp_path / name).write_text(text.format(tmp_path / "secret.csv"), encoding="utf-8")
    with pytest.raises(SourceUnreachable, match=r"begins as something else|damaged or cut off"):
        list(files.read(str(tmp_path / name), files.ReadOptions()))
    if not name.endswith(".shp"):  # its only layer has its name
        with pytest.raises(SourceUnreachable, match="begins as something else"):
            files.layers(str(tmp_path / name))


def test_a_file_that_names_a_server_does_not_make_us_ask_it(tmp_path: Path) -> None:
    path = papers.gml(tmp_path)
    path.with_suffix(".xsd").unlink()
    with server(lambda *_: (404, "text/plain", b"")) as (url, asked):
        schema = f"{url}?SERVICE=WFS&amp;VERSION=1.1.0&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=ogr:works"
        text = path.read_text(encoding="utf-8").replace("works.xsd", schema)
        text = text.replace(
            "<ogr:FeatureCollection", '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs"', 1
        )
        path.write_text(text.replace("</ogr:FeatureCollection", "</wfs:FeatureCollection"), encoding="utf-8")
        assert len(list(files.read(str(path), files.ReadOptions()))) == 3
        (tmp_path / "feed.gml").write_text(
            f"<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>", encoding="utf-8"
        )
        with pytest.raises(SourceUnreachable, match="begins as something else"):
            list(files.read(str(tmp_path / "feed.gml"), files.ReadOptions()))
    assert asked == []


@pytest.mark.parametrize("key", ['"@context"', '"\\u0040context"', '"@\\u0063ontext"'])
def test_linked_data_that_brings_a_context_from_elsewhere_is_not_read(
    take_in: Import, tmp_path: Path, key: str
) -> None:
    with server(lambda *_: (200, "application/ld+json", b'{"@context": {}}')) as (url, asked):
        path = tmp_path / "page.jsonld"
        path.write_text(f'{{"@graph": [{{"@id": "http://x/1", {key}: "{url}"}}]}}', encoding="utf-8")
        with pytest.raises(SourceUnreachable, match="no page of members"):
            take_in("gipod-ldes", path)
    assert asked == []


def test_a_saved_page_that_is_longer_than_we_read_is_not_read_in_part(
    take_in: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ldes, "MOST_BYTES", 100)
    (tmp_path / "page.nq").write_text("<http://x/1> <http://x/2> <http://x/3> .\n" * 9, encoding="utf-8")
    with pytest.raises(SourceUnreachable, match="longer than 100 bytes"):
        take_in("gipod-ldes", tmp_path / "page.nq")
