"""A server that stumbles costs a clear line and never a wrong fact."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.formats import files, ogc_features
from geo_service.intake.formats.raw_record import RawRecord, ReadOptions
from geo_service.intake.remarks import CutOff, Remarks
from tests.intake.conftest import Import, counts
from tests.intake.innames import inname

Answer = tuple[int, str, bytes]
Script = Callable[[str, int], Answer]


@contextmanager
def server(script: Script, headers: Mapping[str, str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that answers as `script(path, how many before)` says; its items address and what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = script(self.path, len(asked))
            asked.append(self.path)
            self.send_response(status)
            self.send_header("content-type", kind)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            if status in (301, 302):
                self.send_header("location", body.decode())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Not on the terminal."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_address[1]}/collections/INNAME/items", asked
        finally:
            listening.shutdown()
            thread.join()


def page(*features: Any, next_: str | None = None, **more: Any) -> Answer:
    links = [{"rel": "next", "href": next_}] if next_ else []
    body = {"type": "FeatureCollection", "features": features, "links": links, **more}
    return 200, "application/geo+json", json.dumps(body).encode()


def features(url: str) -> list[Any]:
    return list(ogc_features.Pages(httpx.URL(url), backoff_s=0.01).features())


def refusal(script: Script) -> str:
    with server(script) as (url, _), pytest.raises(SourceUnreachable) as refused:
        features(url)
    assert "\n" not in str(refused.value)
    return str(refused.value)


ONE, TWO, THREE = inname(1), inname(2, x=50), inname(3, x=100)


def test_pages_are_followed_to_the_end() -> None:
    def script(path: str, _: int) -> Answer:
        return page(TWO) if "offset=1" in path else page(ONE, next_="?offset=1", numberMatched=2)

    with server(script) as (url, asked):
        read = ogc_features.Pages(httpx.URL(url))
        assert [one["id"] for one in read.features()] == [ONE["id"], TWO["id"]]
        assert (read.total, len(asked)) == (2, 2)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_again(status: int) -> None:
    def script(_path: str, before: int) -> Answer:
        return (status, "text/plain", b"busy") if before < 2 else page(ONE)

    with server(script) as (url, asked):
        assert len(features(url)) == 1
        assert len(asked) == 3


def test_a_server_that_stays_busy_is_given_up() -> None:
    assert "answers 503" in refusal(lambda *_: (503, "text/plain", b"busy"))


def test_a_refusal_is_not_asked_again() -> None:
    with (
        server(lambda *_: (404, "text/plain", b"")) as (url, asked),
        pytest.raises(SourceUnreachable, match="answers 404"),
    ):
        features(url)
    assert len(asked) == 1


def test_a_page_for_people_is_no_answer() -> None:
    html = (200, "text/html; charset=utf-8", b"<html><body>Onderhoud</body></html>")
    assert "a page for people" in refusal(lambda *_: html)


def test_an_answer_that_is_cut_off_is_no_answer() -> None:
    status, kind, body = page(ONE, TWO)
    assert "no complete JSON" in refusal(lambda *_: (status, kind, body[:-20]))


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"features": 3}', b"null"])
def test_json_without_features_is_no_answer(body: bytes) -> None:
    assert "no FeatureCollection" in refusal(lambda *_: (200, "application/json", body))


def test_a_server_that_does_not_listen_is_named() -> None:
    with server(lambda *_: page(ONE)) as (url, _):
        pass
    with pytest.raises(SourceUnreachable, match="does not answer"):
        features(url)


def test_a_next_page_on_another_server_is_not_followed() -> None:
    assert "another server" in refusal(lambda *_: page(ONE, next_="http://localhost:9/items"))


def test_a_redirect_to_another_server_is_not_believed() -> None:
    with server(lambda *_: page(ONE)) as (elsewhere, _):
        assert "another server" in refusal(lambda *_: (302, "text/plain", elsewhere.encode()))


def test_a_next_page_that_was_read_before_is_found_out() -> None:
    assert "round in circles" in refusal(lambda path, _: page(ONE, next_=path))


def test_a_server_that_ignores_the_offset_is_found_out() -> None:
    assert "repeats itself" in refusal(lambda _path, before: page(ONE, TWO, next_=f"?offset={before + 1}"))


def test_pages_that_overlap_are_read_once_and_counted_once(take_in: Import) -> None:
    def script(path: str, _: int) -> Answer:
        changed = inname(2, x=50, Status="In uitvoering")
        return (
            page(changed, THREE) if "offset=1" in path else page(ONE, TWO, next_="?offset=1", numberMatched=3)
        )

    with server(script) as (url, _):
        assert counts(take_in("gipod", url)) == {"read": 3, "created": 3}


@pytest.mark.parametrize(
    ("counts", "shown"), [((4, 4), (3, 4)), (("4", "4"), (3, 4)), ((3, 4), (3, 4)), ((4, 3), (3, 4)), ((3, 3), None), ((None, None), None)]
)  # fmt: skip
def test_a_collection_counts_each_feature_once(counts: Any, shown: Any) -> None:
    def script(path: str, _: int) -> Answer:
        last = "offset=1" in path
        more = {"numberMatched": counts[last]} if counts[last] is not None else {}
        return page(TWO, THREE, **more) if last else page(ONE, TWO, next_="?offset=1", **more)

    remarks = Remarks()
    with server(script) as (url, _):
        found = [one.record["id"] for one in files.read(url, ReadOptions(), remarks) if isinstance(one, RawRecord)]  # fmt: skip
    assert found == [ONE["id"], TWO["id"], THREE["id"]]
    assert remarks.cut_off == (CutOff("numberMatched", *shown) if shown else None)


def test_features_without_an_id_and_other_versions_are_each_one_row() -> None:
    nameless = [{**one, "id": None} for one in (ONE, ONE)]
    changed = inname(2, x=50, Status="In uitvoering")
    remarks = Remarks()
    with server(lambda *_: page(*nameless, TWO, changed, numberMatched=3)) as (url, _):
        assert len(list(files.read(url, ReadOptions(), remarks))) == 4
    assert remarks.cut_off is None


def test_the_crs_of_an_answer_is_believed() -> None:
    with server(lambda *_: page(ONE), {"Content-Crs": "<http://www.opengis.net/def/crs/EPSG/0/31370>"}) as (url, _):  # fmt: skip
        assert [one.crs for one in files.read(url, ReadOptions()) if isinstance(one, RawRecord)] == [31370]


def test_a_number_that_json_does_not_have_is_one_rejected_row(take_in: Import) -> None:
    broken = inname(2, shape={"type": "Point", "coordinates": [float("nan"), 50.9]})
    with server(lambda *_: page(ONE, broken)) as (url, _):
        report = take_in("gipod", url)
    assert [(one.row, one.id, one.code) for one in report.rejections] == [
        (2, broken["id"], "geometry_not_finite")
    ]


def test_a_feed_that_breaks_off_changes_nothing(take_in: Import, rows: Callable[[str], list[Any]]) -> None:
    with server(lambda *_: page(ONE, TWO)) as (url, _):
        take_in("gipod", url)

    def breaks_off(path: str, _: int) -> Answer:
        return (
            (404, "text/plain", b"")
            if "offset" in path
            else page(inname(1, Status="In uitvoering"), next_="?offset=1")
        )

    with server(breaks_off) as (url, _), pytest.raises(SourceUnreachable):
        take_in("gipod", url)
    assert rows("SELECT DISTINCT certainty FROM works") == ["planned"]
    assert rows("SELECT status, report ->> 'error' FROM imports ORDER BY started_at") == [
        ("done", None),
        ("failed", "source_unreachable"),
    ]


def test_a_feed_with_fewer_features_than_it_counts_makes_nothing_vanish(take_in: Import) -> None:
    with server(lambda *_: page(ONE, TWO)) as (url, _):
        take_in("gipod", url)
    with server(lambda *_: page(ONE, numberMatched=2)) as (url, _):
        assert counts(take_in("gipod", url)) == {"read": 1, "unchanged": 1}
    with server(lambda *_: page(ONE, numberMatched=1)) as (url, _):
        assert take_in("gipod", url).vanished == 1


def test_a_narrowed_query_makes_nothing_vanish(take_in: Import) -> None:
    with server(lambda *_: page(ONE, TWO)) as (url, _):
        take_in("gipod", url)
    with server(lambda *_: page(ONE)) as (url, _):
        assert take_in("gipod", f"{url}?datetime=2026-10-01/2026-10-31").vanished == 0


def test_nothing_secret_of_an_address_is_kept_or_told(
    take_in: Import, rows: Callable[[str], list[Any]]
) -> None:
    with server(lambda *_: page(ONE)) as (url, _):
        take_in("gipod", url.replace("http://", "http://me:hush@") + "?token=hush")
    assert rows("SELECT origin FROM imports") == [url]
    with pytest.raises(SourceUnreachable) as refused:
        features("http://me:hush@127.0.0.1:9/items?token=hush")
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("address", ["http://me:hush@nowhere:port/x.csv", "http://me:hush/x.csv"])
@pytest.mark.parametrize("source", ["gipod", "gipod-ldes", "works", "grb", "open311"])
def test_an_address_that_is_none_is_refused_without_a_word_of_it(
    take_in: Import, source: str, address: str
) -> None:
    how = {"mapping": "osiris"} if source == "works" else {}
    with pytest.raises(InvalidInput) as refused:
        take_in(source, address, **how)
    assert [one.code for one in refused.value.errors] == ["address_invalid"]
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("odd", [10**400, json.loads("[" * 900 + "]" * 900)], ids=["digits", "nested"])
def test_a_record_that_could_not_be_read_again_is_one_row_left_out(take_in: Import, odd: Any) -> None:
    with server(lambda *_: page(ONE, {**TWO, "properties": {**TWO["properties"], "Reference": odd}})) as (
        url,
        _,
    ):
        report = take_in("gipod", url)
    assert (report.read, report.created + report.rejected) == (2, 2)
