"""Servers that keep whoever asks waiting."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Manner = Callable[[socket.socket, threading.Event], None]


def silent(line: socket.socket, over: threading.Event) -> None:
    """Takes the question and says nothing."""
    over.wait()


def dripping_head(line: socket.socket, over: threading.Event) -> None:
    """An answer whose head comes a letter at a time, without end."""
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.05):
        line.sendall(b"x")


def dripping_body(line: socket.socket, over: threading.Event) -> None:
    """An answer whose body does so."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/geo+json\r\nContent-Length: 1000000\r\n\r\n")
    while not over.wait(0.05):
        line.sendall(b" ")


def busy(line: socket.socket, over: threading.Event) -> None:
    """Asks to come back in half a minute."""
    line.sendall(b"HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@contextmanager
def slow(manner: Manner) -> Iterator[str]:
    """The address of GIPOD's items at such a server, with a secret in it."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(line: socket.socket) -> None:
        with line, suppress(OSError):
            line.recv(1 << 16)
            manner(line, over)

    def accept() -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                threading.Thread(target=answer, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    port = listener.getsockname()[1]
    try:
        yield f"http://me:hush@127.0.0.1:{port}/collections/INNAME/items?token=hush"
    finally:
        over.set()
        listener.close()
