"""Hand one e-mail over to the server of the settings, within one deadline for the whole exchange."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Literal
from urllib.parse import urlsplit

import aiosmtplib
import structlog

from geo_service.domain.text import one_line
from geo_service.settings import Settings

log = structlog.get_logger()
_lookups = ThreadPoolExecutor(4, "name of a mail server")
"""Threads for name servers: a slow one holds a thread beyond the end of the exchange."""

MAX_ERROR_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Relay:
    """The server that takes our e-mails."""

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"]
    sender: str
    name: str
    """What the service calls itself, in the greeting and in message ids."""
    timeout_s: float
    user: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the server. `refused`: it will never take a mail for this address; `empty`: it was not asked, as there is no news."""

    outcome: Literal["sent", "empty", "later", "refused"]
    error: str = ""


def relay_of(settings: Settings) -> Relay | None:
    """Return the server of the settings; None without one."""
    if settings.smtp_host is None or settings.mail_from is None:
        return None
    password = settings.smtp_password
    return Relay(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_tls,
        settings.mail_from,
        urlsplit(settings.base_url).hostname or "localhost",
        settings.smtp_timeout_s,
        settings.smtp_user,
        password.get_secret_value() if password else None,
    )


def send(relay: Relay, message: EmailMessage, recipient: str) -> Answer:
    """Hand a mail over. The answer never names the recipient: it is stored and shown."""
    try:
        asyncio.run(_exchange(relay, message, recipient))
    except TimeoutError:
        return Answer("later", f"no whole answer within {relay.timeout_s:g} s")
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return _answer_of(error, recipient)
    return Answer("sent")


async def _exchange(relay: Relay, message: EmailMessage, recipient: str) -> None:
    """Raises SMTPException, OSError, and TimeoutError, which a slow server or name server cannot put off."""
    async with asyncio.timeout(relay.timeout_s):
        connection = await _connect(relay)
        client = aiosmtplib.SMTP(
            hostname=relay.host,
            sock=connection,
            local_hostname=relay.name,
            timeout=relay.timeout_s,
            use_tls=relay.tls == "tls",
            start_tls=relay.tls == "starttls",
            username=relay.user,
            password=relay.password,
        )
        try:
            await client.connect()
            await client.sendmail(relay.sender, [recipient], message.as_bytes())
        finally:
            client.close()


async def _connect(relay: Relay) -> socket.socket:
    """To the first of its addresses that answers: `localhost` has two, and many servers listen on one."""
    lookup = functools.partial(socket.getaddrinfo, relay.host, relay.port, type=socket.SOCK_STREAM)
    *others, last = await asyncio.get_running_loop().run_in_executor(_lookups, lookup)
    for place in others:
        with contextlib.suppress(OSError):
            return await _connect_to(*place, timeout_s=relay.timeout_s / (len(others) + 2))
    return await _connect_to(*last, timeout_s=relay.timeout_s)


async def _connect_to(
    family: int, kind: int, protocol: int, _name: str, address: Any, *, timeout_s: float
) -> socket.socket:
    """Raises OSError, TimeoutError is one."""
    connection = socket.socket(family, kind, protocol)
    connection.setblocking(False)
    try:
        async with asyncio.timeout(timeout_s):
            await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


def _answer_of(error: Exception, recipient: str) -> Answer:
    """A server that refuses this recipient, or this mail, for good is heard; what it says of us may be mended by an administrator."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    code = getattr(error, "code", None)
    text = f"{code} {getattr(error, 'message', '')}" if code else f"{type(error).__name__}: {error}"
    text = one_line(text.replace(recipient, "…"))[:MAX_ERROR_CHARACTERS]
    about_recipient = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
    if about_recipient and code is not None and code >= 500:
        return Answer("refused", text)
    if code is not None and code >= 500:
        log.error("the mail server refuses us", answer=text)
    return Answer("later", text)
