"""A TCP proxy on loopback that does what networks and servers do on bad days: it is slow, it hangs, it cuts, it refuses."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 1 << 16


class FaultProxy:
    """Passes bytes on between `port` and a server at `target`, as well as it is told to."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._delay_s = 0.0
        self._accepting = True
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._open: set[asyncio.StreamWriter] = set()

    def heal(self) -> None:
        """Pass everything on at once, also what was held back."""
        self._tell(delay_s=0.0, accepting=True, flowing=True)

    def slow(self, delay_s: float) -> None:
        """Hold each piece back for so long."""
        self._tell(delay_s=delay_s, accepting=True, flowing=True)

    def hang(self) -> None:
        """Take connections and bytes, and pass nothing on."""
        self._tell(delay_s=0.0, accepting=True, flowing=False)

    def cut(self) -> None:
        """Reset every connection, and each new one."""
        self._tell(delay_s=0.0, accepting=False, flowing=True)

    def _tell(self, *, delay_s: float, accepting: bool, flowing: bool) -> None:
        def change() -> None:
            self._delay_s, self._accepting = delay_s, accepting
            (self._flowing.set if flowing else self._flowing.clear)()
            for writer in () if accepting else tuple(self._open):
                _reset(writer)

        self._loop.call_soon_threadsafe(change)

    @contextmanager
    def running(self) -> Iterator[FaultProxy]:
        """Listen until the block ends."""
        thread = threading.Thread(target=self._loop.run_forever)
        thread.start()
        starting = asyncio.start_server(self._serve, sock=self._listener)
        server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(5)
        try:
            yield self
        finally:
            self.cut()
            self._loop.call_soon_threadsafe(server.close)
            ending = asyncio.run_coroutine_threadsafe(self._end(), self._loop)
            ending.result(5)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._accepting:
            _reset(writer)
            return
        self._open.add(writer)
        try:
            await self._flowing.wait()  # a server that hangs takes the connection, and says nothing
            upstream, downstream = await asyncio.open_connection(*self._target)
        except (OSError, asyncio.CancelledError):
            _reset(writer)
            self._open.discard(writer)
            return
        self._open.add(downstream)
        ways = [
            asyncio.ensure_future(self._pass_on(*way)) for way in ((reader, downstream), (upstream, writer))
        ]
        try:
            with contextlib.suppress(
                asyncio.CancelledError
            ):  # asyncio would complain of a server's task that was cancelled
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for end in (writer, downstream):
                self._open.discard(end)
                end.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                await asyncio.sleep(self._delay_s)
                await self._flowing.wait()
                writer.write(chunk)
                await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
