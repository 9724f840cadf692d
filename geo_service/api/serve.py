"""Run the HTTP side under uvicorn."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from typing import Any

import uvicorn

from geo_service import vault
from geo_service.api.app import create_app
from geo_service.api.connections import protocol_with_timeouts
from geo_service.settings import Settings


class Server(uvicorn.Server):
    """Lets the streams end when it stops: each is a request that nobody would wait for otherwise."""

    def __init__(self, config: uvicorn.Config, stopping: threading.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop to accept connections, and wait for what is being answered."""
        self._stopping.set()
        await super().shutdown(sockets)


def server(settings: Settings, golden: Sequence[dict[str, Any]] = ()) -> uvicorn.Server:
    """A server that is ready to run; the caller decides in which thread."""
    app = create_app(settings, golden=golden)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        log_config=None,  # its lines have the form of ours: logs.configure
        access_log=False,  # addresses hold tokens; with GEO_LOG_FORMAT=json api/tracing.py writes a line for each request
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        http=protocol_with_timeouts(settings.send_timeout_s),
    )
    return Server(config, app.state.context.stopping)


def run(settings: Settings) -> None:
    """Serve until stopped. Raises PersonalKeyMissing: without a key no report could be stored."""
    vault.ready(settings)
    server(settings).run()
