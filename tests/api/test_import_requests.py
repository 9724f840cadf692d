"""What is asked of imports over HTTP: who may, how large a file, which fields, and once."""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.import_scenes import database, features, guarded, home, service, upload
from tests.serving import Service

__all__ = ["database", "guarded", "home", "service"]  # fixtures


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
    assert upload(service, features().ljust(200_000)).status_code == 202  # as large as a file may be


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
