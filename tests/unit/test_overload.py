"""Who sends a request byte by byte keeps nobody out; who has sent all of it counts until it is answered."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Message

from geo_service import settings
from geo_service.api.app import create_app
from geo_service.api.overload import Overload

SERVICE = create_app(settings.load(database_url="postgresql://nobody@127.0.0.1:1/nothing"))
"""Words the refusal; asks no database."""


async def app(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await scope["released"].wait()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Client:
    """A request whose body comes as the test lets it."""

    def __init__(self, overload: Overload, *, body: bool) -> None:
        self.parts: asyncio.Queue[Message] = asyncio.Queue()
        self.status: int | None = None
        self.released = asyncio.Event()
        headers = [(b"content-length", b"1000000")] if body else []
        scope = {"type": "http", "method": "POST", "path": "/api/v1/works", "headers": headers, "query_string": b"", "released": self.released, "app": SERVICE}  # fmt: skip
        if not body:
            self.part(more=False)
        self.task = asyncio.ensure_future(overload(scope, self.parts.get, self._send))

    def part(self, *, more: bool) -> None:
        self.parts.put_nowait({"type": "http.request", "body": b"x", "more_body": more})

    async def answer(self) -> int | None:
        self.released.set()
        await asyncio.wait_for(self.task, 5)
        return self.status

    async def _send(self, message: Message) -> None:
        self.status = message.get("status", self.status)


async def _walk() -> None:
    overload = Overload(app, most=2)
    slow = [Client(overload, body=True) for _ in range(5)]
    for one in slow:
        one.part(more=True)
    await asyncio.sleep(0)
    assert await Client(overload, body=False).answer() == 200
    whole = slow[:2]
    for one in whole:
        one.part(more=False)
    while any(one.parts.qsize() for one in whole):
        await asyncio.sleep(0)
    assert await Client(overload, body=False).answer() == 503
    assert [await one.answer() for one in whole] == [200, 200]
    assert await Client(overload, body=False).answer() == 200
    for one in slow[2:]:
        one.task.cancel()


def test_a_request_counts_once_all_of_it_is_there() -> None:
    asyncio.run(_walk())
