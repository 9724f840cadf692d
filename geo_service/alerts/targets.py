"""Where a webhook may go: a subscriber must not make the service call systems of its own network."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from geo_service.domain.errors import GeoServiceError, InvalidInput


class TargetRefused(GeoServiceError):
    """The webhook's address is not one that the service may call."""

    code = "target_refused"


def check(url: str, *, allow_private: bool) -> None:
    """Refuse, with InvalidInput, an address that is wrong on its face; what its name means is seen at delivery."""
    parts = _split(url)
    if parts is None or not parts.hostname or parts.scheme not in {"http", "https"}:
        raise InvalidInput.one("target", "not_a_url", "must be an https address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput.one("target", "not_a_url", "must have no user, password or fragment in it")
    if allow_private:
        return
    if parts.scheme != "https":
        raise InvalidInput.one("target", "https_only", "must start with https://")
    if parts.hostname == "localhost" or (_is_address(parts.hostname) and not _is_public(parts.hostname)):
        raise InvalidInput.one("target", "private_address", "must not be an address of a private network")


def resolve(url: str, *, allow_private: bool) -> str:
    """The address to connect to, numeric. The caller connects to it and asks no name server again: the second
    answer could be another one. TargetRefused when any answer is of a private network; OSError when none comes.
    """
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    if not allow_private and not all(map(_is_public, found)):
        raise TargetRefused(
            f"{parts.hostname} is in a private network", reason="host_private", host=parts.hostname
        )
    return found[0]


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is no port
    except ValueError:
        return None
    return parts


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_global and not ip.is_multicast
