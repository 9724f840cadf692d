"""What the service asks of an issuer of OpenID Connect: its addresses, its keys, and a token for a code.

Nothing is kept between two sign-ins: a key that the issuer changes is known at once.
"""

from __future__ import annotations

import functools
import json
import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oidc.discovery import get_well_known_url

from geo_service import outbound
from geo_service.accounts.refusals import SignInRefused
from geo_service.domain.errors import InvalidInput
from geo_service.settings import Settings

MOST_BYTES = 1_000_000
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def metadata(settings: Settings) -> dict[str, Any]:
    """The issuer's addresses (OpenID Connect Discovery §4). Raises SignInRefused."""
    assert settings.oidc_issuer is not None
    answer = _fetch(settings, "GET", get_well_known_url(settings.oidc_issuer, external=True))
    if str(answer.get("issuer", "")).rstrip("/") != settings.oidc_issuer:
        raise SignInRefused("login.oidc.untrusted", why=f"the issuer calls itself {answer.get('issuer')}")
    if missing := [name for name in NEEDED if not isinstance(answer.get(name), str)]:
        raise SignInRefused("login.oidc.down", why=f"the issuer does not name its {', '.join(missing)}")
    return answer


def keys(settings: Settings, endpoints: Mapping[str, Any]) -> dict[str, Any]:
    """The keys with which the issuer signs (JWKS). Raises SignInRefused."""
    answer = _fetch(settings, "GET", endpoints["jwks_uri"])
    if not isinstance(answer.get("keys"), list):
        raise SignInRefused("login.oidc.down", why="the issuer has no keys")
    return answer


def tokens(
    settings: Settings, endpoints: Mapping[str, Any], *, code: str, verifier: str, redirect_uri: str
) -> dict[str, Any]:
    """The tokens for the code with which a person came back. Raises SignInRefused."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": redirect_uri,
    }
    url, headers, body = _authentication(settings, endpoints).prepare(
        "POST",
        endpoints["token_endpoint"],
        {"Content-Type": "application/x-www-form-urlencoded"},
        urlencode(form),
    )
    answer = _fetch(settings, "POST", url, headers=headers, body=body)
    if not isinstance(answer.get("id_token"), str):
        raise SignInRefused("login.oidc.untrusted", why="the issuer sent no ID token")
    return answer


def userinfo(settings: Settings, endpoints: Mapping[str, Any], access_token: str) -> dict[str, Any]:
    """What the issuer tells of a person beside the ID token; nothing when it has no such address. Raises SignInRefused."""
    address = endpoints.get("userinfo_endpoint")
    if not address:
        return {}
    return _fetch(settings, "GET", address, headers={"Authorization": f"Bearer {access_token}"})


def _authentication(settings: Settings, endpoints: Mapping[str, Any]) -> ClientAuth:
    secret = settings.oidc_client_secret
    if secret is None:
        return ClientAuth(settings.oidc_client_id, None, "none")
    offered = endpoints.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
    return ClientAuth(settings.oidc_client_id, secret.get_secret_value(), method)


def _fetch(
    settings: Settings, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str = ""
) -> dict[str, Any]:
    """JSON of the issuer, within one deadline for all of it."""
    deadline = time.monotonic() + settings.oidc_timeout_s
    try:
        status, content = _exchange(settings, method, url, headers or {}, body, deadline)
    except (httpx.TimeoutException, TimeoutError) as error:
        raise SignInRefused("login.oidc.slow", why=f"{url}: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise SignInRefused("login.oidc.down", why=f"{url}: {type(error).__name__}: {error}") from error
    except (outbound.PrivateAddress, InvalidInput) as error:
        raise SignInRefused("login.oidc.untrusted", why=f"{url}: {error}") from error
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if status != 200 or not isinstance(answer, dict):
        why = answer.get("error") if isinstance(answer, dict) else "no JSON object"
        key = "login.oidc.over" if why == "invalid_grant" else "login.oidc.down"
        raise SignInRefused(key, why=f"{url}: HTTP {status}, {why}")
    return answer


def _exchange(
    settings: Settings, method: str, url: str, headers: Mapping[str, str], body: str, deadline: float
) -> tuple[int, bytes]:
    """To an address that was checked, under the name that was given. The host of the issuer is trusted by the settings: a town's own
    provider stands in a private network; every other host must be public, and spoken to over https.
    """
    parts, issuer = urlsplit(url), urlsplit(settings.oidc_issuer or "")
    trusted = (parts.scheme, parts.netloc) == (issuer.scheme, issuer.netloc)
    outbound.check(url, allow_private=trusted)
    content = bytearray()
    transport = outbound.CheckedTransport(allow_private=trusted, verify=_tls())
    with (
        httpx.Client(transport=transport, timeout=settings.oidc_timeout_s, trust_env=False) as client,
        client.stream(
            method, url, headers={**headers, "Accept": "application/json"}, content=body.encode()
        ) as response,
    ):
        for part in response.iter_bytes():
            content += part
            if time.monotonic() > deadline:
                raise TimeoutError("the answer does not end")
            if len(content) > MOST_BYTES:
                raise ValueError(f"the answer is longer than {MOST_BYTES} bytes")
        return response.status_code, bytes(content)


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
