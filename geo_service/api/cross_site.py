"""Cross-site requests: a write that a cookie carries must come from a page of the service itself.

Browsers say where a request comes from, and a page cannot change what they say: `Sec-Fetch-Site` (W3C Fetch Metadata) on https and
loopback, `Origin` (RFC 6454 §7) on every POST, PUT, PATCH and DELETE. Who sends neither is no browser, and carries only a cookie of its
own. The cookie is SameSite=Lax besides, so that a browser does not even send it with such a request.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from geo_service.domain.errors import NotAllowed

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def check(request: Request, base_url: str) -> None:
    """Raises NotAllowed for a request that another site caused, a sibling under the same domain too."""
    if not is_own(
        request.headers.get("sec-fetch-site"), request.headers.get("origin"), _own(request, base_url)
    ):
        raise NotAllowed("other_site")


def is_own(fetch_site: str | None, origin: str | None, hosts: set[str]) -> bool:
    """Whether the request comes from a page of ours; `hosts` are ours, with their ports. `none` is a person who typed an address."""
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc in hosts


def _own(request: Request, base_url: str) -> set[str]:
    return {request.headers.get("host", ""), urlsplit(base_url).netloc} - {""}
