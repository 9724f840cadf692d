"""Sign-in at an issuer: OpenID Connect, authorization code with PKCE, state and nonce (OAuth 2.0 Security BCP, RFC 9700)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import sqlalchemy as sa
import structlog
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from geo_service import db
from geo_service.accounts import id_tokens, issuer, people, sessions
from geo_service.accounts.id_tokens import Expectation, Person
from geo_service.accounts.refusals import SignInRefused
from geo_service.domain.users import User
from geo_service.settings import Settings
from geo_service.store import audit, sign_in, users

CALLBACK = "/auth/callback"
FLOW_LIFETIME = timedelta(minutes=10)
PROVIDER = audit.Actor("identity provider")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send a person, and the secret that this browser keeps until it comes back."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Return:
    """What came back with a person: the query of the callback, and the secret of the browser."""

    state: str
    code: str
    error: str
    issuer: str
    browser: str


def begin(engine: sa.Engine, settings: Settings, next_: str) -> Departure:
    """Send a person to the issuer. Raises SignInRefused."""
    endpoints = issuer.metadata(settings)
    state, browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
    flow = sign_in.Flow(state, browser, nonce, verifier, next_)
    with db.write(engine) as conn:
        sign_in.keep_flow(conn, flow, FLOW_LIFETIME)
    address = prepare_grant_uri(
        endpoints["authorization_endpoint"],
        settings.oidc_client_id,
        "code",
        redirect_uri=f"{settings.base_url}{CALLBACK}",
        scope=settings.oidc_scopes,
        state=flow.state,
        nonce=flow.nonce,
        code_challenge=create_s256_code_challenge(flow.verifier),
        code_challenge_method="S256",
    )
    return Departure(address, flow.browser)


def finish(engine: sa.Engine, settings: Settings, came: Return, *, before: str | None) -> tuple[str, str]:
    """A person is back: the token of the session, and the path to go on to. Raises SignInRefused, and notes in the log and the audit
    trail why.
    """
    try:
        with db.write(engine) as conn:
            flow = sign_in.take_flow(conn, came.state, came.browser)
        if flow is None:
            raise SignInRefused("login.oidc.over", why="state unknown, used, expired or of another browser")
        person, id_token = _person(settings, came, flow)
        with db.write(engine) as conn:
            user = _user(conn, settings, person)
            token = sessions.begin(conn, settings, user, before=before, way="oidc", id_token=id_token)
        return token, flow.next
    except SignInRefused as refused:
        log.warning("sign-in at the issuer failed", key=refused.key, **refused.params)
        with db.write(engine) as conn:
            actor = audit.Actor(audit.ANONYMOUS)
            audit.record(conn, actor, "sign_in_failed", "account:oidc", key=refused.key, **refused.params)
        raise


def leave(settings: Settings, id_token: str | None) -> str | None:
    """The address at which a person signs out at the issuer as well (RP-Initiated Logout 1.0); None when there is none, or it does not
    answer: the session here has ended anyway.
    """
    if settings.oidc_issuer is None or id_token is None:
        return None
    try:
        address = issuer.metadata(settings).get("end_session_endpoint")
    except SignInRefused as refused:
        log.warning("sign-out at the issuer failed", key=refused.key, **refused.params)
        return None
    query = {
        "id_token_hint": id_token,
        "client_id": settings.oidc_client_id,
        "post_logout_redirect_uri": f"{settings.base_url}/login",
    }
    return f"{address}?{urlencode(query)}" if address else None


def _person(settings: Settings, came: Return, flow: sign_in.Flow) -> tuple[Person, str]:
    if came.error:
        key = "login.oidc.cancelled" if came.error == "access_denied" else "login.oidc.down"
        raise SignInRefused(key, why=came.error[:200])
    assert settings.oidc_issuer is not None and settings.oidc_client_id is not None
    endpoints = issuer.metadata(settings)
    if came.issuer and came.issuer != endpoints["issuer"]:  # RFC 9207: the answer of another provider
        raise SignInRefused("login.oidc.untrusted", why="the answer comes from another issuer")
    tokens = issuer.tokens(
        settings,
        endpoints,
        code=came.code,
        verifier=flow.verifier,
        redirect_uri=f"{settings.base_url}{CALLBACK}",
    )
    expected = Expectation(endpoints["issuer"], settings.oidc_client_id, flow.nonce, settings.oidc_leeway_s)
    claims = id_tokens.claims_of(tokens["id_token"], issuer.keys(settings, endpoints), expected)
    if not claims.keys() >= {settings.oidc_group_claim, "name", "email"}:
        profile = issuer.userinfo(settings, endpoints, str(tokens.get("access_token", "")))
        if profile and profile.get("sub") != claims["sub"]:  # OpenID Connect Core §5.3.2
            raise SignInRefused("login.oidc.untrusted", why="the userinfo is of another person")
        claims = {**profile, **claims}
    return id_tokens.person_of(claims, settings), tokens["id_token"]


def _user(conn: sa.Connection, settings: Settings, person: Person) -> User:
    """The stored user, as the issuer describes this person now."""
    assert settings.oidc_issuer is not None
    user = users.of_subject(conn, settings.oidc_issuer, person.subject)
    rights = {"department": person.department, "owner_group": person.owner_group}
    if user is None:
        return people.add(
            conn,
            PROVIDER,
            name=person.name,
            email=person.email,
            role=person.role,
            issuer=settings.oidc_issuer,
            subject=person.subject,
            **rights,
        )
    if user.disabled_at is not None:
        raise SignInRefused("login.disabled", why=f"user {user.id} is disabled")
    if (user.name, user.email) != (person.name, person.email):
        user = users.change(conn, user.id, name=person.name, email=person.email)
    return people.change_role(conn, PROVIDER, user, person.role, **rights)
