"""E-mails that come back after the server took them: delivery status notifications (RFC 3464), as a mail server hands them to a program."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from uuid import UUID

from geo_service.alerts.smtp import MAX_ERROR_CHARACTERS
from geo_service.domain.text import one_line

MOST_BYTES = 128 * 1024
"""More than this of a message is not read: a notification holds its facts at its beginning."""
RETURNED = (
    "message/rfc822",
    "message/rfc822-headers",
    "text/rfc822-headers",
    "message/global",
    "message/global-headers",
)
OURS = re.compile(r"<\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>\s]+\s*>", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Bounce:
    """An e-mail of ours that an address refused for good: its id, and why, without the address."""

    mail_id: UUID
    error: str


MAX_DIAGNOSTIC_CHARACTERS = 1_000
"""Characters of what the other server said that are looked at: a stranger may write a megabyte."""


def read(raw: bytes) -> Bounce | None:
    """The bounce that a message tells of; None when it tells of a delay, of an e-mail that is not ours, or of something else."""
    try:
        return _bounce(email.message_from_bytes(raw[:MOST_BYTES], policy=email.policy.compat32))
    except RecursionError:  # messages in messages in messages: no mail server writes that
        return None


def _bounce(message: Message) -> Bounce | None:
    if message.get_content_type() != "multipart/report":
        return None
    status = next(_parts(message, "message/delivery-status"), None)
    failure = None if status is None else _failure(status)
    mail_id = next(filter(None, (_id_of(part) for kind in RETURNED for part in _parts(message, kind))), None)
    return None if failure is None or mail_id is None else Bounce(mail_id, failure)


def _parts(message: Message, kind: str) -> Iterator[Message]:
    return (part for part in message.walk() if part.get_content_type() == kind)


def _inner(part: Message) -> list[Message]:
    """The messages that a part holds."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _failure(status: Message) -> str | None:
    """Why a recipient is refused for good; None when none is (RFC 3464 §2.3.3: `failed`, status 5.x.x)."""
    for block in _inner(status):
        action, code = (str(block.get(name, "")).strip().lower() for name in ("Action", "Status"))
        if action == "failed" and code.startswith("5."):
            diagnostic = str(block.get("Diagnostic-Code", "")).partition(";")[2][:MAX_DIAGNOSTIC_CHARACTERS]
            return _without_addresses(f"{code} {diagnostic}")
    return None


def _without_addresses(text: str) -> str:
    """One line, in which no address of a person is left: it is stored and shown."""
    return one_line(re.sub(r"\S+@\S+", "…", text))[:MAX_ERROR_CHARACTERS]


def _id_of(returned: Message) -> UUID | None:
    """The id of our e-mail that was returned, whole or its head only."""
    head = next(iter(_inner(returned)), None) or email.message_from_string(str(returned.get_payload()))
    name = OURS.search(str(head.get("Message-ID", "")))
    return UUID(name[1]) if name else None
