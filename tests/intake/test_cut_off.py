"""A part that says it is one is never taken for the whole: what it does not show has not vanished."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.intake import papers
from tests.intake.conftest import Import, write_json
from tests.intake.reading import came, collection, feature, simple

Rows = Callable[[str], list[Any]]
WHOLE = simple().replace("full = false", "full = true")
RECORDS = WHOLE.replace("[constants]", 'form = "records"\nitems = "{items}"\nproperties = ""\ncrs = 4326\nplace = { x = "lon", y = "lat" }\n[constants]')  # fmt: skip
FEATURES = [feature(nr=f"A{place}") for place in range(3)]
PLAIN = [{**one["properties"], "lon": 3.2176, "lat": 50.9208} for one in FEATURES]
NEXT = {"rel": "next", "href": "https://example.org/items?page=2"}


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ({"exceededTransferLimit": True}, None), ({"properties": {"exceededTransferLimit": True}}, None), ({"numberMatched": 10, "numberReturned": 3}, 10),
        ({"totalFeatures": 10}, 10), ({"numberMatched": "10"}, 10), ({"links": [{"rel": "self", "href": "x"}, NEXT]}, None), ({"next": NEXT["href"]}, None),
        ({"@odata.nextLink": NEXT["href"]}, None), ({"pagination": {"next_page": "abc", "has_more": True}}, None), ({"total_count": 4.0}, 4),
        ({"totaalAantal": 10}, 10), ({"hydra:totalItems": 10}, 10), ({"hydra:view": {"hydra:next": "x"}}, None), ({"hits": {"total": {"value": 10}}}, 10),
        ({"volgende": "x"}, None), ({"page": 1, "totalPages": 4}, None), ({"last": False}, None), ({"paging": {"next": {"after": "x"}}}, None),
        ({"nextPageUrl": "x"}, None), ({"exceededTransferLimit": "true"}, None), ({"partial": True}, None), ({"link": [{"relation": "next", "url": "x"}]}, None),
        ({"meta": {"page": {"hasMore": True}}}, None), ({"context": {"matched": 10, "total": 10}}, 10),
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", [True, False])
def test_a_collection_that_says_it_is_cut_off_does_not_sweep(
    tmp_path: Path, members: dict[str, Any], shown: int | None, before: bool
) -> None:
    whole = collection(*FEATURES)
    file = write_json(tmp_path / "a.geojson", {**members, **whole} if before else {**whole, **members})
    found = came(file, WHOLE)
    assert (len(found.works), found.full) == (3, False)
    assert found.remarks.cut_off is not None and found.remarks.cut_off.total == shown


@pytest.mark.parametrize(
    "members",
    [
        {}, {"numberMatched": 3, "numberReturned": 3}, {"exceededTransferLimit": False}, {"links": [{"rel": "self", "href": "x"}]}, {"next": None},
        {"numberMatched": "unknown"}, {"totalFeatures": "unknown"}, {"bbox": [1, 2, 3, 4], "fields": [{"name": "total"}]}, {"next": ""},
        {"last": True, "totalPages": 1}, {"totalPages": 4, "total": 3}, {"exceededTransferLimit": "false"}, {"link": [{"relation": "self", "url": "x"}]}, {"value": 10},
        {"features_total": 10}, {"numberMatched": 3, "links": [{"rel": "next", "href": "x"}]}, {"properties": {"surface": 10}},
    ],
)  # fmt: skip
def test_a_whole_answer_sweeps(tmp_path: Path, members: dict[str, Any]) -> None:
    for name, value in (
        ("a", {**collection(*FEATURES), **members}),
        ("b", {**members, **collection(*FEATURES)}),
    ):
        found = came(write_json(tmp_path / f"{name}.geojson", value), WHOLE)
        assert (found.full, found.remarks.cut_off) == (True, None)


def test_what_its_records_say_is_not_what_the_answer_says(tmp_path: Path) -> None:
    told = [feature(nr=f"A{place}", total=99, numberMatched=99, next="Kerkstraat") for place in range(3)]
    assert came(write_json(tmp_path / "a.geojson", collection(*told)), WHOLE).full


@pytest.mark.parametrize(
    ("items", "answer"),
    [
        ("result.records", {"success": True, "result": {"records": PLAIN, "limit": 3, "total": 10}}),
        ("result.records", {"result": {"total": 10, "limit": 3, "records": PLAIN, "_links": {"start": "x"}}, "success": True}),
        ("results", {"total_count": 10, "results": PLAIN}), ("results", {"count": 10, "next": NEXT["href"], "results": PLAIN}),
        ("records", {"nhits": 10, "parameters": {"rows": 3}, "records": PLAIN}), ("response.docs", {"response": {"numFound": 10, "docs": PLAIN}}),
        ("items", {"items": PLAIN, "_links": {"next": {"href": "x"}}}), ("value", {"value": PLAIN, "@odata.nextLink": "x"}), ("data", {"data": PLAIN, "pagination": {"total": 10}}),
    ],
)  # fmt: skip
def test_the_totals_of_other_servers_are_known(tmp_path: Path, items: str, answer: dict[str, Any]) -> None:
    found = came(write_json(tmp_path / "a.json", answer), RECORDS.replace("{items}", items))
    assert (len(found.works), found.full) == (3, False)


def test_a_limit_that_was_not_reached_is_none(tmp_path: Path) -> None:
    answer = {"result": {"records": PLAIN, "limit": 100, "total": 3, "_links": {"next": "/api?offset=100"}}}
    found = came(write_json(tmp_path / "a.json", answer), RECORDS.replace("{items}", "result.records"))
    assert (len(found.works), found.full) == (3, True)


def test_a_long_answer_is_looked_at_to_its_end(tmp_path: Path) -> None:
    many = [feature(nr=f"A{place}", omschrijving="x" * 200) for place in range(3000)]
    whole, part = collection(*many, numberMatched=3000), collection(*many, numberMatched=3001)
    assert came(write_json(tmp_path / "whole.geojson", whole), WHOLE).full
    assert not came(write_json(tmp_path / "part.geojson", part), WHOLE).full


@pytest.mark.parametrize(
    ("attributes", "full"),
    [
        ('numberMatched="10" numberReturned="3"', False), ('numberMatched="3" numberReturned="3"', True), ('numberMatched="unknown" next="https://example.org"', False),
        ('numberMatched="unknown" numberReturned="3"', True), ('numberOfFeatures="3"', True),
    ],
)  # fmt: skip
def test_a_wfs_answer_in_gml_says_it_too(tmp_path: Path, attributes: str, full: bool) -> None:
    file = papers.gml(tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("<ogr:FeatureCollection", f"<ogr:FeatureCollection {attributes}"), "utf-8")
    found = came(file, papers.MAPPING)
    assert (len(found.works), found.full) == (3, full)


@pytest.mark.parametrize(
    ("headers", "full"),
    [
        ({"Link": '<https://example.org/2>; rel="next"'}, False), ({"Link": "<https://example.org/1>; rel=prev"}, True), ({"Content-Range": "items 0-2/10"}, False),
        ({"Content-Range": "0-2/3"}, True), ({"X-Total-Count": "10"}, False), ({"X-Total-Count": "3"}, True), ({}, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["works.geojson", "works.csv"])
def test_the_headers_of_an_answer_say_it_too(
    answering: Any, tmp_path: Path, headers: dict[str, str], full: bool, name: str
) -> None:
    if name.endswith("json"):
        content, mapping = json.dumps(collection(*FEATURES)).encode(), WHOLE
    else:
        content = papers.csv_file(tmp_path, PLAIN).read_bytes()
        mapping = WHOLE.replace("[constants]", 'crs = 4326\nplace = { x = "lon", y = "lat" }\n[constants]')
    found = came(answering(f"/{name}", content, headers), mapping)
    assert (len(found.works), found.full) == (3, full)


@pytest.mark.parametrize(
    "headers", [{"Content-Type": "text/csv; charset=utf-8"}, {"Content-Disposition": 'attachment; filename="werken.csv"'}]
)  # fmt: skip
def test_a_table_behind_an_address_without_an_ending_is_one(
    answering: Any, tmp_path: Path, headers: dict[str, str]
) -> None:
    content = papers.csv_file(tmp_path, PLAIN).read_bytes()
    assert len(came(answering("/export", content, headers), POINTS).works) == 3


@pytest.fixture
def answering() -> Iterator[Callable[[str, bytes, dict[str, str]], str]]:
    """A server that answers with this content and these headers; the address of it."""
    answer: dict[str, Any] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer["content"])))
            self.end_headers()
            self.wfile.write(answer["content"])

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()

    def serve(path: str, content: bytes, headers: dict[str, str]) -> str:
        answer.update(content=content, headers=headers)
        return f"http://127.0.0.1:{server.server_port}{path}"

    yield serve
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def told(tmp_path: Path) -> str:
    (tmp_path / "whole.toml").write_text(WHOLE, encoding="utf-8")
    return str(tmp_path / "whole.toml")


def test_nothing_vanishes_by_a_part_and_the_report_says_so(
    take_in: Import, rows: Rows, tmp_path: Path, told: str
) -> None:
    full, part = collection(*FEATURES), collection(*FEATURES[:1], numberMatched=3, numberReturned=1)
    take_in("works", write_json(tmp_path / "full.geojson", full), mapping=told)
    file = write_json(tmp_path / "part.geojson", part)
    for accepted in (False, True):
        report = take_in("works", file, mapping=told, accept_shrink=accepted)
        assert report.vanished == 0
        assert report.counts()["cut_off"] == {"says": "numberMatched", "shown": 1, "total": 3}
    assert rows("SELECT count(*) FROM works WHERE vanished_at IS NULL") == [3]
    assert (
        take_in(
            "works", write_json(tmp_path / "less.geojson", collection(*FEATURES[:1])), mapping=told
        ).vanished
        == 2
    )


def test_a_record_that_is_there_and_cannot_be_read_has_not_vanished(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    mapping = tmp_path / "table.toml"
    mapping.write_text(
        WHOLE.replace("[constants]", 'crs = 4326\nplace = { x = "lon", y = "lat" }\n[constants]'), "utf-8"
    )
    take_in("works", papers.csv_file(tmp_path, PLAIN), mapping=str(mapping))
    broken = [{**PLAIN[0], "lon": "x"}, *PLAIN[1:]]
    report = take_in("works", papers.csv_file(tmp_path, broken), mapping=str(mapping))
    assert (report.rejected, report.vanished) == (1, 0)
    assert take_in("works", papers.csv_file(tmp_path, PLAIN[1:]), mapping=str(mapping)).vanished == 1


POINTS = WHOLE.replace("[constants]", 'crs = 4326\nplace = { x = "lon", y = "lat" }\n[constants]')


def csv_with(tmp_path: Path, line: str) -> Path:
    file = papers.csv_file(tmp_path, PLAIN)
    file.write_text(file.read_text("utf-8") + line, "utf-8")
    return file


def merged(tmp_path: Path, *spans: str) -> Path:
    def merge(sheet: Any) -> None:
        for span in spans:
            sheet.merge_cells(span)

    return papers.workbook(tmp_path, [{**one, "los": "", "nota": ""} for one in PLAIN], change=merge)


def test_a_row_that_is_refused_keeps_its_id(tmp_path: Path) -> None:
    more = csv_with(tmp_path, "A9;Gentsestraat;2027-03-01;2027-03-10;3.2176;50.9208;let op\n")
    found = came(more, POINTS)
    assert (found.refused, found.full) == ({"A9": "columns_differ"}, True)
    found = came(merged(tmp_path, "C3:D3"), POINTS)
    assert (found.refused, found.full) == ({"A1": "merged_cells"}, True)


def test_a_range_over_columns_that_nobody_reads_costs_no_row(tmp_path: Path) -> None:
    found = came(merged(tmp_path, "G3:H3", "F4:G4"), POINTS)
    assert (len(found.works), found.refused) == (3, {})


def test_a_row_without_even_an_id_may_be_any_record(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(map(json.dumps, FEATURES)) + '\n{"type": "Feat\n', "utf-8")
    for file, mapping, code in (
        (csv_with(tmp_path, 'A9;"t"x5;2027-03-01;2027-03-10;3.2176;50.9208\n'), POINTS, "line_not_read"),
        (lines, WHOLE, "not_json"),
    ):
        found = came(file, mapping)
        assert ([one.code for one in found.rejections], found.full) == ([code], False)
        assert found.remarks.as_json()["without_id"] == 1
    assert came(csv_with(tmp_path, "Totaal;3;;;;\n"), POINTS).full
