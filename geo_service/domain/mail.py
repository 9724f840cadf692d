"""E-mail: which addresses are accepted, and how often a reader wants one."""

from __future__ import annotations

import re
from typing import Literal, get_args

from geo_service.domain.errors import InvalidInput

Rhythm = Literal["each", "critical", "digest"]
"""`each`: every alert at once; `critical`: critical ones at once, the others in the morning; `digest`: all in the morning."""
RHYTHMS: tuple[str, ...] = get_args(Rhythm)
Notification = Literal["critical", "digest", "off"]
"""A person's own choice."""

MOST_ADDRESS = 254
"""Characters of an address, RFC 5321 §4.5.3.1.3."""
MOST_LOCAL = 64
_LOCAL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.IGNORECASE | re.ASCII
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.IGNORECASE | re.ASCII)


def check_address(address: str, field: str) -> None:
    """Raise InvalidInput unless `address` is one plain address (RFC 5321 dot-string): no name beside it, no quotes, no line breaks."""
    local, _, host = address.rpartition("@")
    labels = host.split(".")
    sound = (
        len(address) <= MOST_ADDRESS
        and len(local) <= MOST_LOCAL
        and _LOCAL.fullmatch(local)
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
    )
    if not sound:
        raise InvalidInput.one(field, "not_an_email")
