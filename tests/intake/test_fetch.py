"""Fetching stays within its bounds, wherever an address leads."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake import fetch


@contextmanager
def answering(*, status: int = 200, location: str = "", body: bytes = b"{}") -> Iterator[str]:
    """A server that says this to everybody."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/works.geojson?key=secret"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def limits(*, max_bytes: int = 1000, max_s: float = 60, allow_private: bool = True) -> fetch.Limits:
    return fetch.Limits(max_bytes, max_s, allow_private)


def refusal(url: str, folder: Path, within: fetch.Limits) -> str:
    with fetch.limit_scope(within), pytest.raises(SourceUnreachable) as refused:
        fetch.download(url, folder)
    assert "secret" not in str(refused.value)
    return str(refused.value)


def test_a_file_is_fetched_under_its_own_name(tmp_path: Path) -> None:
    with answering() as url, fetch.limit_scope(limits()):
        assert fetch.download(url, tmp_path) == tmp_path / "works.geojson"


def test_what_is_larger_than_the_limit_is_cut_off(tmp_path: Path) -> None:
    with answering(body=b" " * 5000) as url:
        assert "goes on after 1000 bytes" in refusal(url, tmp_path, limits())


def test_what_takes_too_long_is_cut_off(tmp_path: Path) -> None:
    with answering() as url:
        assert "takes longer than" in refusal(url, tmp_path, limits(max_s=0))


def test_a_server_that_sends_us_round_is_named(tmp_path: Path) -> None:
    with answering(status=302, location="/works.geojson?key=secret") as url:
        assert "round in circles" in refusal(url, tmp_path, limits())


def test_an_error_page_is_no_file(tmp_path: Path) -> None:
    with answering(status=503, body=b"<html>") as url:
        assert "answers 503" in refusal(url, tmp_path, limits())


def test_a_private_address_is_not_asked(tmp_path: Path) -> None:
    with answering() as url:
        assert "private network" in refusal(url, tmp_path, limits(allow_private=False))
    assert not (tmp_path / "works.geojson").exists()


@pytest.mark.parametrize("allow_private", [True, False])
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://" + "a" * 64 + ".be/x", "url_invalid"),
        ("https://a..be", "url_invalid"),
        ("https://xn--zzzzzzz99999.be", "url_invalid"),
        ("ftp://a.be/x", "url_not_fetched"),
    ],
)
def test_an_address_that_no_server_has_is_named(
    tmp_path: Path, url: str, reason: str, *, allow_private: bool
) -> None:
    with fetch.limit_scope(limits(allow_private=allow_private)), pytest.raises(SourceUnreachable) as refused:
        fetch.download(url, tmp_path)
    assert refused.value.reason == reason


def test_a_port_that_no_server_has_is_named(tmp_path: Path) -> None:
    refusal("https://a.be:99999/x", tmp_path, limits(allow_private=False))


@pytest.mark.parametrize("location", ["https://" + "a" * 64 + ".be/x", "mailto:jan@a.be"])
def test_a_server_that_sends_us_nowhere_is_named(tmp_path: Path, location: str) -> None:
    with answering(status=302, location=location) as url:
        assert "no address" in refusal(url, tmp_path, limits())


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("works.geojson", "works.geojson"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\werken 2026.xlsx", "werken_2026.xlsx"),
        (".bashrc", "bashrc"),
        ("", "upload"),
        (None, "upload"),
        ("x" * 300 + ".gpkg", "x" * 95 + ".gpkg"),
        ("字" * 150 + ".jpg", "字" * 32 + ".jpg"),
    ],
)
def test_a_file_keeps_a_name_that_is_safe(given: str | None, name: str) -> None:
    assert fetch.file_name(given) == name
