"""An ID token (OpenID Connect Core §3.1.3.7): who signed it, for whom, until when; and the claims that say what a person may do here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwk import KeySet

from geo_service.accounts.refusals import SignInRefused
from geo_service.sign_in_settings import SignInSettings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signed with a key that only the issuer has: never `none`, never a secret that both sides know."""

BEGINNINGS = ("iat", "nbf")
"""From when a token counts: one of the future is of a clock that is wrong, here or at the issuer."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a token must say to be the answer to this sign-in."""

    issuer: str
    client_id: str
    nonce: str
    leeway_s: float


@dataclass(frozen=True, slots=True)
class Person:
    """Who an issuer says a person is, and what that person may do here."""

    subject: str
    name: str
    email: str
    role: str
    department: str | None
    owner_group: str | None


def claims_of(token: str, keys: Mapping[str, Any], expected: Expectation) -> dict[str, Any]:
    """The claims of a token that is signed by one of the issuer's `keys` (JWKS) and is the answer to this sign-in. Raises SignInRefused."""
    try:
        registry = jwt.JWTClaimsRegistry(
            leeway=round(expected.leeway_s),
            iss={"essential": True, "value": expected.issuer},
            aud={"essential": True, "value": expected.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": expected.nonce},
        )
        claims: dict[str, Any] = jwt.decode(token, KeySet.import_key_set(_public(keys)), ALGORITHMS).claims
        registry.validate(claims)
    except ExpiredTokenError:
        raise SignInRefused("login.oidc.expired") from None
    except (JoseError, ValueError, KeyError, TypeError) as error:
        is_early = isinstance(error, InvalidClaimError) and error.claim in BEGINNINGS
        key = "login.oidc.early" if is_early else "login.oidc.untrusted"
        raise SignInRefused(key, why=f"{type(error).__name__}: {error}") from error
    others = claims["aud"] if isinstance(claims["aud"], list) else []
    if len(others) > 1 and claims.get("azp") != expected.client_id:
        raise SignInRefused(
            "login.oidc.untrusted", why="the token is for several clients and names another one"
        )
    return claims


def person_of(claims: Mapping[str, Any], settings: SignInSettings) -> Person:
    """Role, department and owner group by the person's groups. Raises SignInRefused when no group gives a role."""
    groups = groups_of(claims, settings.oidc_group_claim)
    role = _first(settings.oidc_roles, groups)
    if role is None:
        raise _without_role(claims, settings.oidc_group_claim, groups)
    owner_group = _first(settings.oidc_owner_groups, groups) if role == "partner" else None
    if role == "partner" and owner_group is None:
        raise SignInRefused("login.oidc.group", why="a partner without an owner group")
    both = " ".join(str(claims[part]) for part in ("given_name", "family_name") if claims.get(part))
    email = str(claims.get("email") or claims.get("preferred_username") or claims["sub"])
    return Person(
        subject=str(claims["sub"]),
        name=str(claims.get("name") or both or email),
        email=email,
        role=role,
        department=_first(settings.oidc_departments, groups),
        owner_group=owner_group,
    )


def groups_of(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """The values of a claim that is a list, or one word."""
    value = claims.get(name) or ()
    return frozenset([value] if isinstance(value, str) else map(str, value))


def _without_role(claims: Mapping[str, Any], name: str, groups: frozenset[str]) -> SignInRefused:
    """Why nobody has a role: groups that give none, a claim that is not in the token, or more groups than the issuer puts in one.

    A distributed claim (OpenID Connect Core §5.6.2) names where the groups are instead: Entra ID does so beyond 200 of them.
    """
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, Mapping) and name in elsewhere:
        return SignInRefused(
            "login.oidc.groups", why=f"too many groups: the token says elsewhere what is in {name}"
        )
    if name not in claims:
        return SignInRefused("login.oidc.group", why=f"the issuer sends no claim {name}")
    return SignInRefused("login.oidc.group", why=f"no group of {sorted(groups)} has a role")


def _first(words: Mapping[str, str], groups: frozenset[str]) -> str | None:
    return next((word for group, word in words.items() if group in groups), None)


def _public(keys: Mapping[str, Any]) -> Any:
    """Without keys that encrypt, and those of a kind that is not known here."""
    readable = [
        key
        for key in keys["keys"]
        if key.get("use", "sig") == "sig" and key.get("kty") in ("RSA", "EC", "OKP")
    ]
    return {"keys": readable}
