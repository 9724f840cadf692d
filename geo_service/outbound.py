"""Check where the service may connect to: webhooks and imports must not reach systems of our own network."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import ssl
from urllib.parse import SplitResult, urlsplit

import httpx

from geo_service.domain.errors import GeoServiceError, InvalidInput

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNICAST = ipaddress.IPv6Network("2000::/3")
"""All public IPv6 addresses: no loopback, link-local, unique or site-local address, no multicast."""
NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "168.63.129.16/32",  # the platform behind every machine of Azure: certificates and settings of the machine
            "192.0.0.0/24",  # what networks keep for themselves
            "192.88.99.0/24",  # relays of 6to4
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
            "2001::/32",  # Teredo: goes through a server of the sender's choice
            "3fff::/20",  # documentation
        ),
    )
)
"""Networks that no receiver has, although `is_global` of some Python versions accepts them."""
CARRIERS = tuple(
    (ipaddress.IPv6Network(network), shift)
    for network, shift in (
        ("::/96", 0),  # IPv4-compatible
        ("::ffff:0:0/96", 0),  # IPv4-mapped
        ("64:ff9b::/96", 0),  # NAT64
        ("2002::/16", 80),  # 6to4
    )
)
"""IPv6 networks that carry an IPv4 address, and its distance from the end (bits)."""
ISATAP = {0x00005EFE, 0x02005EFE}
"""What stands before an IPv4 address at the end of an IPv6 one, in any network (RFC 5214 §6.1)."""

MOST_OF_A_LABEL = 63
MOST_OF_A_NAME = 253
_LABEL = re.compile(r"(?!-)[a-z0-9_-]+(?<!-)", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE | re.ASCII)
"""A last label that makes browsers and C libraries read the host as an IPv4 address: `2130706433`, `0177.1`, `127.0.0.1.`"""


class PrivateAddress(GeoServiceError):
    """The address is in a private network, to which the service does not connect."""

    code = "target_refused"


def check(url: str, *, allow_private: bool) -> None:
    """Refuse, with InvalidInput, an invalid address; `resolve` checks what its name stands for."""
    if any(letter.isspace() or not letter.isprintable() or letter == "\\" for letter in url):
        raise InvalidInput.one("target", "not_a_url.signs")
    parts = _split(url)
    if parts is None or not parts.hostname or parts.scheme not in {"http", "https"}:
        raise InvalidInput.one("target", "not_a_url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput.one("target", "not_a_url.user")
    if not _is_host(url, parts.hostname):
        raise InvalidInput.one("target", "not_a_host", limit=MOST_OF_A_LABEL)
    if allow_private:
        return
    if parts.scheme != "https":
        raise InvalidInput.one("target", "https_only")
    if parts.hostname.rstrip(".").rpartition(".")[2] == "localhost" or (
        _is_address(parts.hostname) and not _is_public(parts.hostname)
    ):
        raise InvalidInput.one("target", "private_address")


def addresses(url: str, *, allow_private: bool) -> list[str]:
    """The numeric addresses to connect to, the best one first. The caller must not resolve the name again, because the second
    answer may differ.

    Raises PrivateAddress when any answer is in a private network, OSError when there is no answer.
    """
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    answers = [
        str(entry[4][0]) for entry in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    ]
    if not allow_private and not all(map(_is_public, answers)):
        raise PrivateAddress("host_private", host=parts.hostname)
    return answers


class CheckedTransport(httpx.HTTPTransport):
    """Connects to the very address that was checked, to the next one of the name when that is not reached; in all no longer than the
    request's limit for connecting. It uses no proxy, because a proxy would resolve the name again.
    """

    def __init__(self, *, allow_private: bool, verify: ssl.SSLContext | bool = True) -> None:
        super().__init__(verify=verify, trust_env=False)
        self._allow_private = allow_private

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises PrivateAddress and OSError as `addresses` does, and the errors of httpx."""
        answers = addresses(str(request.url), allow_private=self._allow_private)
        for address in answers[:-1]:
            with contextlib.suppress(*NOT_REACHED):
                return super().handle_request(_pinned(request, address, len(answers)))
        return super().handle_request(_pinned(request, answers[-1], len(answers)))


NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout)
"""Nothing was sent: another address may be tried."""


def _pinned(request: httpx.Request, address: str, count: int) -> httpx.Request:
    """The request to one of `count` addresses of its host. The certificate is checked against the name."""
    limits = dict(request.extensions.get("timeout", {}))
    if limits.get("connect"):
        limits["connect"] /= count
    named = {"sni_hostname": request.url.raw_host.decode(), "timeout": limits}
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,  # with the original Host
        stream=request.stream,
        extensions={**request.extensions, **named},
    )


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        port = parts.port  # raises when it is no port
    except ValueError:
        return None
    return None if port == 0 else parts


def _is_host(url: str, host: str) -> bool:
    """Whether the name is valid for a name server, and every library reads the same name in the address."""
    try:
        read = httpx.URL(url).host
        name = host.rstrip(".").encode("idna").decode("ascii") if not _is_address(host) else host
    except (httpx.InvalidURL, UnicodeError):
        return False
    if _is_address(host):
        return _is_address(read) and ipaddress.ip_address(read) == ipaddress.ip_address(host)
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return False
    fits = all(len(label) <= MOST_OF_A_LABEL and _LABEL.fullmatch(label) for label in labels)
    return fits and len(name) <= MOST_OF_A_NAME and read.rstrip(".").lower() == host.rstrip(".").lower()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: str) -> bool:
    """Whether an address of any kind is public; a carrier counts as the address that it carries, and ISATAP as both."""
    ip: Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carriers = [shift for network, shift in CARRIERS if ip in network]
        shifts = [*carriers, 0] if (int(ip) >> 32) & 0xFFFFFFFF in ISATAP else carriers
        if not all(
            _is_public(str(ipaddress.IPv4Address((int(ip) >> shift) & 0xFFFFFFFF))) for shift in shifts
        ):
            return False
        if carriers or ip not in UNICAST:
            return bool(carriers)
    return ip.is_global and not any(ip in network for network in NOT_PUBLIC if network.version == ip.version)
