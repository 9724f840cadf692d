"""Photos that come as an address: fetched by the worker, kept like any other; a site that misbehaves costs nothing but its own photo."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from procrastinate.jobs import Job

from geo_service import db, outbound
from geo_service.domain.errors import DatabaseUnreachable, PersonalKeyMissing
from geo_service.domain.reports import REPORT_MEDIA_PROBLEMS
from geo_service.intake.fetch import Limits
from geo_service.intake.wait_policy import Interrupted
from geo_service.open311 import media, photos
from geo_service.vault import Vault
from tests.alerts.test_worker import wait_until, working
from tests.api.open311 import Site, repair_of
from tests.api.scenario import Street
from tests.api.test_open311_photos import picture
from tests.serving import PERSONAL_KEY, Service

GIGABYTE = 1 << 30
PIECE = b"\xff\xd8" + b"x" * 65_534
ALL_ATTEMPTS = len(media.WAITS_S)


@dataclass
class PhotoSite:
    """A web server with photos, good and bad; `asked` holds the paths in order, `sent` the bytes of the endless one."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    sent: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    elsewhere: str = ""


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    site: PhotoSite

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        is_first = self.site.asked.count(self.path) == 1
        if self.path == "/hangs":
            self.site.over.wait(30)
        elif self.path == "/huge":
            self._send_a_gigabyte()
        elif self.path == "/away":
            self._answer(302, b"", Location=f"{self.site.elsewhere}/secret.jpg")
        elif self.path == "/page.jpg":
            self._answer(200, b"<html>no photo</html>", **{"Content-Type": "image/jpeg"})
        elif self.path == "/gone.jpg" or (self.path == "/later.jpg" and is_first):
            self._answer(503, b"")
        else:
            self._answer(200, picture())

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _send_a_gigabyte(self) -> None:
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):
            while self.site.sent < GIGABYTE:
                self.site.sent += self.wfile.write(PIECE)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(site: PhotoSite, host: str) -> Iterator[str]:
    """The address of the site on a loopback address."""
    handler = type("SiteHandler", (Handler,), {"site": site})
    with ThreadingHTTPServer((host, 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://{host}:{server.server_port}"
        site.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def photo_site() -> Iterator[PhotoSite]:
    site = PhotoSite()
    with serving(site, "127.0.0.1") as site.url:
        yield site


@pytest.fixture
def album(service: Service) -> media.Album:
    """An album that fetches from private addresses, in a second."""
    return media.Album(service.engine, Vault.of_keys([PERSONAL_KEY]), Limits(photos.MAX_BYTES, 1.5, True))


def report_of(service: Service, number: str) -> media.Report:
    with db.read(service.engine) as conn:
        found: UUID = conn.scalars(
            sa.text("SELECT id FROM repairs WHERE number = :n"), {"n": int(number[2:])}
        ).one()
    return media.Report(found)


def jobs(service: Service) -> int:
    with db.read(service.engine) as conn:
        return conn.scalars(
            sa.text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'"),
            {"task": media.FETCH},
        ).one()


def outcomes(street: Street, number: str) -> list[tuple[str, str | None, bool | None]]:
    """(path, problem, whether that is final) of each address."""
    details = repair_of(street, number)["reporter"]
    return [
        (one["url"].rpartition("/")[2], one.get("problem"), one.get("final"))
        for one in details.get("media_outcomes", [])
    ]


def test_the_worker_fetches_a_photo_and_keeps_it_without_its_place(
    street: Street, photo_site: PhotoSite
) -> None:
    site = Site(street.service)
    url = street.service.engine.url.render_as_string(hide_password=False)
    with working(url, allow_private_sources=True, personal_key=PERSONAL_KEY):
        number = site.filed(street.x + 20, media_url=f"{photo_site.url}/a.jpg")
        wait_until(lambda: bool(repair_of(street, number)["photos"]))
    [photo] = repair_of(street, number)["photos"]
    with street.service.as_("workshop") as workshop:
        content = workshop.get(photo["url"]).content
    assert (photo["width"], photo["height"], photo["message_id"]) == (40, 60, None)
    assert content.startswith(b"\xff\xd8") and b"Exif" not in content and b"Zonderling" not in content
    assert photo_site.asked == ["/a.jpg"]
    assert outcomes(street, number) == [("a.jpg", None, None)]


def test_what_is_no_photo_or_too_large_or_silent_is_named_and_costs_no_other(
    street: Street, photo_site: PhotoSite, album: media.Album
) -> None:
    names = ("page.jpg", "huge", "hangs", "gone.jpg", "good.jpg")
    number = Site(street.service).filed(street.x + 20, media_url=[f"{photo_site.url}/{one}" for one in names])
    report = report_of(street.service, number)
    with pytest.raises(media.MediaDue) as due:
        media.fetch_all(album, report, 0)
    assert due.value.wait_s == media.WAITS_S[0]
    assert outcomes(street, number) == [
        ("page.jpg", "photo_not_readable", True),
        ("huge", "url_too_large", True),
        ("hangs", "url_too_slow", False),
        ("gone.jpg", "url_refuses", False),
        ("good.jpg", None, None),
    ]
    assert photo_site.sent < 4 * photos.MAX_BYTES  # what the sockets hold comes on top of what was read
    assert len(repair_of(street, number)["photos"]) == 1
    asked = len(photo_site.asked)
    media.fetch_all(album, report, ALL_ATTEMPTS)
    assert photo_site.asked[asked:] == ["/hangs", "/gone.jpg"]
    assert [final for _, problem, final in outcomes(street, number) if problem] == [True] * 4
    media.fetch_all(album, report, 0)
    assert len(photo_site.asked) == asked + 2
    assert {problem for _, problem, _ in outcomes(street, number) if problem} <= {*REPORT_MEDIA_PROBLEMS}


def test_an_address_that_no_server_has_keeps_no_other_away(
    street: Street, photo_site: PhotoSite, album: media.Album
) -> None:
    urls = [f"https://{host}/x.jpg" for host in ("a" * 64 + ".be", "a..be", "xn--zzzzzzz99999.be")]
    good = f"{photo_site.url}/{'%E5%AD%97' * 150}.jpg"
    number = Site(street.service).filed(street.x + 20, media_url=[*urls, good])
    media.fetch_all(album, report_of(street.service, number), 0)
    told = [(problem, final) for _, problem, final in outcomes(street, number)]
    assert told == [("url_invalid", True)] * 3 + [(None, None)]
    assert len(repair_of(street, number)["photos"]) == 1


@pytest.mark.parametrize(
    ("exception", "is_retried"),
    [
        (RuntimeError("of ours"), False),
        (DatabaseUnreachable("database_silent"), True),
        (sa.exc.OperationalError("", None, psycopg.OperationalError()), True),
        (PersonalKeyMissing("personal_key_missing"), True),
        (Interrupted("interrupted"), True),
        (media.MediaDue(60), True),
    ],
)
def test_a_job_ends_that_fails_for_a_reason_that_nobody_foresaw(
    exception: Exception, is_retried: bool
) -> None:
    def decision(attempts: int) -> object:
        job = Job(queue=media.QUEUE, lock=None, queueing_lock=None, task_name=media.FETCH, attempts=attempts)
        return media.RetrySchedule().get_retry_decision(exception=exception, job=job)

    assert decision(0) is not None
    assert (decision(media.MOST_ATTEMPTS) is not None) == is_retried


def test_a_site_that_was_busy_gives_its_photo_at_the_next_attempt(
    street: Street, photo_site: PhotoSite, album: media.Album
) -> None:
    number = Site(street.service).filed(street.x + 20, media_url=f"{photo_site.url}/later.jpg")
    report = report_of(street.service, number)
    with pytest.raises(media.MediaDue):
        media.fetch_all(album, report, 0)
    media.fetch_all(album, report, 1)
    assert outcomes(street, number) == [("later.jpg", None, None)]
    assert len(repair_of(street, number)["photos"]) == 1


def test_a_private_address_is_not_asked_also_behind_a_redirect(
    street: Street, photo_site: PhotoSite, album: media.Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = replace(album, limits=replace(album.limits, allow_private=False))
    inner = PhotoSite()
    with serving(inner, "127.0.0.2") as photo_site.elsewhere:
        urls = [f"{photo_site.url}/away", f"{photo_site.elsewhere}/b.jpg"]
        number = Site(street.service).filed(street.x + 20, media_url=urls)
        # the first server stands for one in the open
        monkeypatch.setattr(outbound, "_is_public", lambda address: address == "127.0.0.1")
        media.fetch_all(public, report_of(street.service, number), 0)
    assert (photo_site.asked, inner.asked) == (["/away"], [])
    assert outcomes(street, number) == [("away", "url_private", True), ("b.jpg", "url_private", True)]


def test_the_photo_of_a_message_stands_with_the_message(
    street: Street, photo_site: PhotoSite, album: media.Album
) -> None:
    site = Site(street.service)
    number = site.filed(street.x + 20)
    before = jobs(street.service)
    site.add(number, update_id=f"m{street.x}", media_url=f"{photo_site.url}/c.jpg")
    assert jobs(street.service) == before + 1
    with db.read(street.service.engine) as conn:
        message = conn.scalars(sa.text("SELECT max(id::text)::uuid FROM report_messages")).one()
    media.fetch_all(album, replace(report_of(street.service, number), message_id=message), 0)
    repair = repair_of(street, number)
    assert [one["message_id"] for one in repair["photos"]] == [str(message)]
    assert repair["messages"][0]["text"] == "De put is dieper geworden"
    assert repair["messages"][0]["reporter"]["media_outcomes"][0]["photo"] == repair["photos"][0]["id"]


def test_a_field_of_a_form_is_no_outcome(street: Street, photo_site: PhotoSite, album: media.Album) -> None:
    sent = {"media_outcomes": "x", "media": "y", "media_url": f"{photo_site.url}/e.jpg"}
    number = Site(street.service).filed(street.x + 20, **sent)
    media.fetch_all(album, report_of(street.service, number), 0)
    assert outcomes(street, number) == [("e.jpg", None, None)]
    assert repair_of(street, number)["reporter"]["media"] == "y"


def test_a_report_without_an_address_asks_nothing_of_the_worker(street: Street) -> None:
    before = jobs(street.service)
    Site(street.service).filed(street.x + 20)
    assert jobs(street.service) == before


def test_no_address_stands_in_the_queue(street: Street, photo_site: PhotoSite) -> None:
    Site(street.service).filed(street.x + 20, media_url=f"{photo_site.url}/jan-zonderling.jpg")
    with db.read(street.service.engine) as conn:
        rows = conn.scalars(sa.text("SELECT args::text FROM procrastinate_jobs")).all()
    assert rows and not any("zonderling" in row for row in rows)


def test_a_report_that_is_gone_meanwhile_gets_no_photo(
    street: Street, photo_site: PhotoSite, album: media.Album
) -> None:
    number = Site(street.service).filed(street.x + 20, media_url=f"{photo_site.url}/d.jpg")
    report = report_of(street.service, number)
    with street.service.engine.begin() as conn:
        conn.execute(sa.text("DELETE FROM reporters WHERE repair_id = :id"), {"id": report.repair_id})
    media.fetch_all(album, report, 0)
    assert (photo_site.asked, repair_of(street, number)["photos"]) == ([], [])
