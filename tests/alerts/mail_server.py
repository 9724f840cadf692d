"""An SMTP server that really listens, and misbehaves as told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


@dataclass
class MailServer:
    """Answers `rcpt` and `data` in turn, the last one stays; waits `slow_s` before each answer to data."""

    rcpt: list[str] = field(default_factory=lambda: [OK])
    data: list[str] = field(default_factory=lambda: [OK])
    slow_s: float = 0
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    asked: int = 0

    async def handle_RCPT(  # noqa: N802, the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        answer = _next(self.rcpt)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.slow_s)
        answer = _next(self.data)
        if answer.startswith("2"):
            content: Any = envelope.content
            self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
            self.recipients += envelope.rcpt_tos
        return answer

    def settings(self) -> dict[str, Any]:
        """The settings of a service that sends through it."""
        return {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_tls": "none",
            "mail_from": "meldingen@izegem.example",
            "mail_bundle_s": 0,
            "smtp_timeout_s": 2,
        }

    def text(self, number: int = -1) -> str:
        """What a mail says as text."""
        return str(self._part("plain", number))

    def html(self, number: int = -1) -> str:
        """What a mail says as HTML."""
        return str(self._part("html", number))

    def _part(self, kind: str, number: int) -> Any:
        part = self.mails[number].get_body((kind,))
        assert part is not None
        return part.get_content()


class AnyPort(Controller):
    """Takes a free port."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def listening(tls: ssl.SSLContext | None = None, *, starts_plain: bool = False) -> Iterator[MailServer]:
    """A server on a free port until the block ends; with `tls` from the first byte on, or when asked for (`starts_plain`)."""
    known = MailServer()
    options: dict[str, Any] = {"tls_context": tls} if starts_plain else {"ssl_context": tls}
    controller = AnyPort(known, hostname="127.0.0.1", port=0, **options)
    controller.start()
    known.port = controller.port
    try:
        yield known
    finally:
        controller.stop(no_assert=True)


def _next(answers: list[str]) -> str:
    return answers.pop(0) if len(answers) > 1 else answers[0]
