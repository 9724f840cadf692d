"""A proxy that falters before the running service: what is read is read again, what is asked with a body is sent once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from shapely.geometry import Point

from geo_service.client import Busy, Client, Unreachable
from tests.serving import Service

BUSY, BROKEN = "busy", "broken"


@contextmanager
def proxy(service: Service, *troubles: str) -> Iterator[tuple[str, list[str]]]:
    """Where it listens, and the requests that came, in their order. The first ones have a trouble each: 503, or half of the answer."""
    requests: list[str] = []
    waiting = list(troubles)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.command)
            trouble = waiting.pop(0) if waiting else None
            if trouble == BUSY:
                self.send_response(503)
                self.send_header("Retry-After", "0")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            sent = {
                name: self.headers[name]
                for name in ("Authorization", "Accept-Language", "Content-Type")
                if name in self.headers
            }
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            answer = httpx.request(self.command, f"{service.url}{self.path}", headers=sent, content=body)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content[: len(answer.content) // 2] if trouble else answer.content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("trouble", [BUSY, BROKEN])
def test_a_list_is_read_again_from_its_beginning(demo_server: Service, client: Client, trouble: str) -> None:
    with (
        proxy(demo_server, trouble) as (url, requests),
        Client(url, demo_server.keys["viewer"]) as unsteady,
    ):
        assert unsteady.works().equals(client.works())
    assert requests == ["GET", "GET"]


def test_after_so_many_times_it_is_said(demo_server: Service) -> None:
    with proxy(demo_server, *[BUSY] * 3) as (url, requests), pytest.raises(Busy) as refused:
        Client(url, demo_server.keys["viewer"], retries=1).works()
    assert (refused.value.status, refused.value.retry_s) == (503, 0)
    assert requests == ["GET", "GET"]


def test_what_is_refused_for_good_is_asked_once(demo_server: Service) -> None:
    with proxy(demo_server) as (url, requests), pytest.raises(Exception, match="bbox"):
        Client(url, demo_server.keys["viewer"]).works(bbox=(5, 51, 3, 50))
    assert requests == ["GET"]


@pytest.mark.parametrize(("trouble", "kind"), [(BUSY, Busy), (BROKEN, Unreachable)])
def test_a_question_with_a_body_is_sent_once(
    demo_server: Service, trouble: str, kind: type[Exception]
) -> None:
    with proxy(demo_server, trouble) as (url, requests), pytest.raises(kind):
        Client(url, demo_server.keys["viewer"]).advice(Point(3.2, 50.9))
    assert requests == ["POST"]
