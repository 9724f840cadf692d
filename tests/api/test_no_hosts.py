"""Who asks hears that the database is away; where it is and what it is called is for the log."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import httpx
import pytest

from geo_service import settings
from geo_service.api.app import create_app

NAME = "secretname"


@pytest.fixture
def port() -> Iterator[int]:
    """Taken, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def answer(path: str, port: int, language: str) -> httpx.Response:
    known = settings.load(database_url=f"postgresql://geo@127.0.0.1:{port}/{NAME}", pool_timeout_s=1)
    headers = {"Authorization": "Bearer gs_x", "Accept-Language": language}

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(known), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "path", ["/health/ready", "/api/v1/works", "/api/v1/status", "/open311/v2/requests.json"]
)
def test_no_answer_names_the_host_or_the_port_of_the_database(path: str, language: str, port: int) -> None:
    told = answer(path, port, language)

    assert told.status_code == 503
    assert [word for word in ("127.0.0.1", str(port), NAME, "geo@") if word in told.text] == []
    assert ("database" in told.text) or ("dienst" in told.text) or ("service" in told.text)
