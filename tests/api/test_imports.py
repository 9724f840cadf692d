"""Imports over HTTP: asked for, run by the worker, told row by row; nobody waits for them."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from geo_service import settings, worker
from geo_service.cluster import Cluster
from geo_service.demo.peer import running as gipod_running
from tests.intake.innames import inname
from tests.serving import TODAY, Service, running

WAIT_S = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where uploads wait."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def database(cluster: Cluster, template: str) -> Iterator[str]:
    name = "api_imports"
    cluster.drop_database(name)
    yield cluster.create_database(name, template)
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def service(database: str, home: Path) -> Iterator[Service]:
    """The service, with little room for uploads."""
    with running(database, home=home, max_import_bytes=200_000, allow_private_sources=True) as found:
        yield found


@pytest.fixture(scope="module")
def guarded(database: str, home: Path) -> Iterator[Service]:
    """The same, as it is set up for a city: no private addresses."""
    with running(database, home=home) as found:
        yield found


@contextmanager
def working(database: str, home: Path, *, allow_private: bool = True) -> Iterator[None]:
    stop = threading.Event()
    how = {"home": home, "database_url": database, "today": TODAY, "allow_private_sources": allow_private}
    thread = threading.Thread(target=worker.run, args=(settings.load(**how), stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def features(*some: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": some}).encode()


def upload(service: Service, content: bytes, *, role: str = "utilities_desk", **more: str) -> httpx.Response:
    with service.as_(role) as client:
        data = {"source": "gipod", **more}
        return client.post("/api/v1/imports", data=data, files={"file": ("page.json", content)})


def ended(service: Service, asked: httpx.Response) -> dict[str, Any]:
    assert asked.status_code == 202, asked.text
    deadline = time.monotonic() + WAIT_S
    with service.as_("coordinator") as client:
        while True:
            told: dict[str, Any] = client.get(asked.headers["location"]).json()
            if told["status"] in ("done", "failed"):
                return told
            assert time.monotonic() < deadline, told
            time.sleep(0.1)


def test_what_an_import_remarks_is_told_in_the_readers_language(
    service: Service, database: str, home: Path
) -> None:
    building = {**inname(1), "properties": {"id": "https://example.org/gebouw/1"}}
    page = {"type": "FeatureCollection", "features": [building], "numberMatched": 4}
    asked = upload(
        service,
        json.dumps(page).encode(),
        role="coordinator",
        source="buildings",
        mapping="building-register",
    )
    with working(database, home):
        told = ended(service, asked)
    assert told["remarks"][0].startswith(
        "De bron zegt zelf dat dit maar een deel is (numberMatched: 1 van 4)"
    )
    with service.as_("coordinator") as client:
        english = client.get(asked.headers["location"], headers={"Accept-Language": "en"}).json()
    assert english["remarks"][0].startswith(
        "The source says itself that this is only a part (numberMatched: 1 of 4)"
    )


def test_a_file_is_queued_at_once_and_taken_in_by_the_worker(
    service: Service, database: str, home: Path
) -> None:
    asked = upload(service, features(inname(1), inname(2, x=50), inname(3, Status="=cmd()")))
    assert asked.status_code == 202
    assert (asked.json()["status"], asked.json()["origin"]) == ("queued", "page.json")
    with working(database, home):
        told = ended(service, asked)
    assert told["status"] == "done"
    assert {name: told[name] for name in ("read", "done", "total", "created", "rejected")} == {
        "read": 3, "done": 3, "total": 3, "created": 2, "rejected": 1,
    }  # fmt: skip
    assert told["asked_by"] == "test utilities_desk"
    with service.as_("utilities_desk") as client:
        left_out = client.get(f"{asked.headers['location']}/rejected").json()
        file = client.get(f"{asked.headers['location']}/rejected.csv")
        listed = client.get("/api/v1/imports", params={"source": "gipod", "status": "done"}).json()
    assert [(row["row"], row["code"], row["field"]) for row in left_out["items"]] == [
        (3, "status_unknown", "Status")
    ]
    assert (left_out["total"], left_out["next"]) == (1, None)
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.text.splitlines()[0] == "\ufeffRij;Id;Code;Veld;Reden"
    assert "status_unknown" in file.text
    assert file.text.splitlines()[1].endswith(";de status “=cmd()” is niet bekend")
    with service.as_("utilities_desk") as client:
        english = client.get(f"{asked.headers['location']}/rejected", headers={"Accept-Language": "en"})
        sheet = client.get(f"{asked.headers['location']}/rejected.csv", headers={"Accept-Language": "en"})
    assert sheet.text.splitlines()[0] == "\ufeffrow,id,code,field,message"
    assert english.json()["items"][0]["message"].startswith("GIPOD's status '=cmd()' is not known")
    assert told in listed["items"]
    assert not list((home / "uploads").iterdir())


def test_a_row_of_a_sheet_is_named_by_its_row_there(
    service: Service, database: str, home: Path, tmp_path: Path
) -> None:
    """`gipod-excel` needs no mapping; its second row of data is the third of the sheet."""
    columns = ("Id", "Status", "Start", "Einde", "Locatie", "Beheerder", "Type")
    good = (
        "9001",  # not one that the feed of another test told first
        "Concreet gepland",
        "01/12/2026",
        "02/12/2026",
        "POINT (68700 179100)",
        "Fluvius",
        "Grondwerk",
    )
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "resultaten"
    for cells in (columns, good, ("990002", *good[1:3], "28/11/2026", *good[4:])):
        sheet.append(cells)
    book.save(tmp_path / "export.xlsx")
    asked = upload(service, (tmp_path / "export.xlsx").read_bytes(), source="gipod-excel")
    with working(database, home):
        ended(service, asked)
    with service.as_("utilities_desk") as client:
        [told] = client.get(f"{asked.headers['location']}/rejected").json()["items"]
        file = client.get(f"{asked.headers['location']}/rejected.csv")
    assert (told["row"], told.keys()) == (2, {"row", "id", "code", "field", "message"})
    assert told["message"].startswith("rij 3: ")
    [_, line] = file.text.splitlines()
    assert line.startswith("3;990002;")


def test_an_address_is_fetched_and_two_imports_of_one_source_take_turns(
    service: Service, database: str, home: Path
) -> None:
    with (
        gipod_running([inname(n, x=50 * n) for n in range(1, 30)]) as peer,
        service.as_("coordinator") as client,
    ):
        body = {"source": "gipod", "url": f"{peer.url}?token=secret"}
        first, second = (client.post("/api/v1/imports", json=body) for _ in range(2))
        with working(database, home):
            told = [ended(service, one) for one in (first, second)]
    assert [one["status"] for one in told] == ["done", "done"]
    assert told[1]["unchanged"] == told[1]["read"] == 29
    assert told[0]["finished_at"] <= told[1]["started_at"]
    assert "secret" not in json.dumps(told)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (
            b'{"type": "FeatureCollection", "features": [',
            "source_unreachable",
            "geen volledig bestand van de soort GeoJSON",
        ),
        (
            b"<!doctype html><title>Onderhoud</title>",
            "source_unreachable",
            "geen geldige JSON",
        ),
    ],
)
def test_a_file_that_is_something_else_fails_clearly_and_changes_nothing(
    service: Service, database: str, home: Path, content: bytes, code: str, said: str
) -> None:
    with service.as_("viewer") as client:
        before = client.get("/api/v1/works").json()["total"]
    with working(database, home):
        told = ended(service, upload(service, content))
    assert (told["status"], told["error"]["code"]) == ("failed", code)
    assert said in told["error"]["message"]
    with service.as_("viewer") as client:
        assert client.get("/api/v1/works").json()["total"] == before


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"source": "gisop"}, "source", "source_unknown"),
        ({"source": "../../etc"}, "source", "source_unknown"),
        ({"source": "works"}, "url", "required"),
        ({"source": "works", "url": "https://example.org/a.json"}, "mapping", "required"),
        ({"source": "works", "url": "https://example.org/a.json", "mapping": "nowhere"}, "mapping", "mapping_unknown"),
        ({"source": "works", "url": "https://example.org/a.json", "mapping": "/etc/passwd"}, "mapping", "mapping_unknown"),
        ({"source": "gipod", "url": "/etc/passwd"}, "url", "not_a_url"),
        ({"source": "gipod", "url": "file:///etc/passwd"}, "url", "not_a_url"),
        ({"source": "gipod", "url": "http://127.0.0.1:5432/"}, "url", "private_address"),
        ({"source": "gipod", "url": "http://169.254.169.254/latest"}, "url", "private_address"),
        ({"source": "gipod", "file": "x"}, "file", "extra_forbidden"),
        ({"sauce": "gipod"}, "source", "missing"),
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_its_field(
    guarded: Service, body: dict[str, Any], field: str, code: str
) -> None:
    with guarded.as_("coordinator") as client:
        answer = client.post("/api/v1/imports", json=body)
    assert answer.status_code == 422, answer.text
    assert (field, code) in [(one["field"], one["code"]) for one in answer.json()["errors"]]


def test_an_address_that_leads_to_a_private_one_is_found_out_when_it_is_fetched(
    guarded: Service, database: str, home: Path
) -> None:
    with guarded.as_("coordinator") as client:
        body = {"source": "gipod", "url": f"http://{socket.gethostname()}:1/items"}
        asked = client.post("/api/v1/imports", json=body)
    with working(database, home, allow_private=False):
        told = ended(guarded, asked)
    assert told["error"]["code"] == "source_unreachable"
    assert "privénetwerk" in told["error"]["message"]


@pytest.mark.parametrize(
    ("role", "source", "status"),
    [
        (None, "gipod", 401),
        ("viewer", "gipod", 403),
        ("partner", "gipod", 403),
        ("workshop", "gipod", 403),
    ],
)
def test_each_role_imports_what_it_may_write(
    service: Service, role: str | None, source: str, status: int
) -> None:
    with service.as_(role) as client:
        assert client.post("/api/v1/imports", json={"source": source}).status_code == status


def test_a_file_that_is_too_large_is_refused(service: Service) -> None:
    answer = upload(service, b" " * 300_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("told", [True, False], ids=["announced", "without a length"])
def test_two_gigabytes_are_refused_before_they_have_come(service: Service, home: Path, told: bool) -> None:
    """By what is announced, or while it comes: never later than the limit, and nothing of it stays on disk."""
    place = httpx.URL(service.url)
    with service.as_("utilities_desk") as client:
        key = client.headers["authorization"]
    size = "Content-Length: 2147483648" if told else "Transfer-Encoding: chunked"
    head = (
        f"POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\n{size}\r\n\r\n"
    )
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n'
    sent = 0
    with socket.create_connection((place.host, place.port or 80), timeout=20) as line:
        line.sendall(head.encode())
        with suppress(OSError):  # it may hang up while we send
            while not told and sent < 50_000_000:
                content = part if not sent else b" " * 65_536
                line.sendall(f"{len(content):x}\r\n".encode() + content + b"\r\n")
                sent += len(content)
                if select.select([line], [], [], 0)[0]:
                    break
        answer = line.recv(4000)
    assert answer.startswith(b"HTTP/1.1 413"), answer
    assert sent < 10_000_000
    assert not list((home / "uploads").glob("incoming-*"))


def test_a_file_without_a_key_is_not_even_read(service: Service) -> None:
    place = httpx.URL(service.url)
    head = (
        "POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        "Content-Length: 100000\r\n\r\n--x\r\n"
    )
    with socket.create_connection((place.host, place.port or 80), timeout=20) as line:
        line.sendall(head.encode())  # and never the rest
        assert line.recv(100).startswith(b"HTTP/1.1 401")


def test_a_repeated_request_is_one_import(service: Service) -> None:
    key = {"Idempotency-Key": "import-1"}
    with service.as_("coordinator", **key) as client:
        sent = [
            client.post("/api/v1/imports", data={"source": "gipod"}, files={"file": ("page.json", b"{}")})
            for _ in range(2)
        ]
    assert sent[0].json()["id"] == sent[1].json()["id"]


def test_a_form_without_a_file_is_refused(service: Service) -> None:
    with service.as_("coordinator") as client:
        answer = client.post("/api/v1/imports", files={"source": (None, "gipod")})
    assert answer.json()["errors"][0]["field"] == "file"


def test_an_import_that_is_not_there_is_404(service: Service) -> None:
    with service.as_("coordinator") as client:
        for path in ("", "/rejected", "/rejected.csv"):
            missing = client.get(f"/api/v1/imports/01a212e3-5788-70c8-ab6a-5b59fb38c338{path}")
            assert missing.status_code == 404
