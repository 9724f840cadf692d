"""Which ID tokens are believed: those of this issuer, for this client and this sign-in, signed with the issuer's key, in time."""

from __future__ import annotations

import base64
import hmac
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from geo_service.accounts.id_tokens import Expectation, claims_of, person_of
from geo_service.accounts.oidc import CALLBACK
from geo_service.accounts.refusals import SignInRefused
from geo_service.sign_in_settings import SignInSettings

ISSUER, CLIENT, NONCE = "https://login.example.org", "geo", "n-once"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
JWKS = {"keys": [KEY.as_dict(private=False)]}
EXPECTED = Expectation(ISSUER, CLIENT, NONCE, leeway_s=60)


def claims(**changes: Any) -> dict[str, Any]:
    """Sound claims with changes; None leaves one out."""
    now = int(time.time())
    sound = {"iss": ISSUER, "aud": CLIENT, "sub": "els", "iat": now, "exp": now + 300, "nonce": NONCE}
    return {name: value for name, value in {**sound, **changes}.items() if value is not None}


def signed(key: Any = KEY, alg: str = "RS256", **changes: Any) -> str:
    return jwt.encode({"alg": alg, "kid": "one"}, claims(**changes), key, algorithms=[alg])


def unsigned(alg: str) -> str:
    """Head and claims of a token."""
    parts = ({"alg": alg, "typ": "JWT", "kid": "one"}, claims())
    return ".".join(_text(json.dumps(part).encode()) for part in parts)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def plain() -> str:
    """With `alg: none`: no signature at all."""
    return f"{unsigned('none')}."


def symmetric() -> str:
    """Signed with the public key as if it were a shared secret."""
    text = unsigned("HS256")
    return f"{text}.{_text(hmac.digest(KEY.as_pem(private=False), text.encode(), 'sha256'))}"


def test_a_sound_token_is_believed() -> None:
    assert claims_of(signed(), JWKS, EXPECTED)["sub"] == "els"
    assert claims_of(signed(aud=[CLIENT]), JWKS, EXPECTED)["sub"] == "els"
    assert claims_of(signed(aud=[CLIENT, "other"], azp=CLIENT), JWKS, EXPECTED)["sub"] == "els"


def now(seconds: int = 0) -> int:
    """The time in `seconds`, as tokens write it: asked when a test runs, minutes after it is collected."""
    return int(time.time()) + seconds


BAD = {
    "expired": lambda: signed(exp=now(-120)),
    "forged": lambda: signed(OTHER),
    "alg none": plain,
    "signed with the public key": symmetric,
    "of another issuer": lambda: signed(iss="https://evil.example"),
    "for another client": lambda: signed(aud="other"),
    "for several clients, asked by another": lambda: signed(aud=[CLIENT, "other"], azp="other"),
    "for several clients, asked by nobody": lambda: signed(aud=[CLIENT, "other"]),
    "of another sign-in": lambda: signed(nonce="another"),
    "without a nonce": lambda: signed(nonce=None),
    "without an end": lambda: signed(exp=None),
    "without a subject": lambda: signed(sub=None),
    "five minutes late": lambda: signed(exp=now(-300), iat=now(-900)),
    "five minutes early": lambda: signed(iat=now(300)),
    "of the future": lambda: signed(iat=now(3600)),
    "not valid yet": lambda: signed(nbf=now(300)),
    "cut": lambda: signed()[:-4],
    "no token": lambda: "x",
    "empty": lambda: "",
}


OF_A_CLOCK = {
    "expired": "login.oidc.expired",
    "five minutes late": "login.oidc.expired",
    "five minutes early": "login.oidc.early",
    "of the future": "login.oidc.early",
    "not valid yet": "login.oidc.early",
}


@pytest.mark.parametrize("name", BAD)
def test_any_other_token_is_refused(name: str) -> None:
    with pytest.raises(SignInRefused) as refused:
        claims_of(BAD[name](), JWKS, EXPECTED)
    assert refused.value.key == OF_A_CLOCK.get(name, "login.oidc.untrusted")


def test_a_key_that_only_encrypts_signs_nothing() -> None:
    with pytest.raises(SignInRefused):
        claims_of(signed(), {"keys": [{**KEY.as_dict(private=False), "use": "enc"}]}, EXPECTED)


def test_the_issuers_clock_may_be_a_minute_off() -> None:
    assert claims_of(signed(exp=int(time.time()) - 30), JWKS, EXPECTED)
    assert claims_of(signed(iat=int(time.time()) + 30), JWKS, EXPECTED)


SETTINGS = SignInSettings(
    oidc_roles='{"CN=Beheer,OU=ICT": "admin", "nuts": "utilities_desk", "proximus": "partner"}',  # type: ignore[arg-type]
    oidc_departments="nuts=nutsen",  # type: ignore[arg-type]
    oidc_owner_groups="proximus=proximus",  # type: ignore[arg-type]
)


@pytest.mark.parametrize(
    ("groups", "role", "department", "owner_group"),
    [
        (["nuts"], "utilities_desk", "nutsen", None),
        ("nuts", "utilities_desk", "nutsen", None),
        (["nuts", "CN=Beheer,OU=ICT", "x"], "admin", "nutsen", None),
        (["proximus"], "partner", None, "proximus"),
        (["proximus", "nuts"], "utilities_desk", "nutsen", None),
    ],
)
def test_groups_give_role_department_and_owner_group(
    groups: Any, role: str, department: str | None, owner_group: str | None
) -> None:
    person = person_of({"sub": "1", "groups": groups}, SETTINGS)
    assert (person.role, person.department, person.owner_group) == (role, department, owner_group)


@pytest.mark.parametrize("groups", [None, [], "", ["other"], ["NUTS"], [{"nuts": 1}]])
def test_without_a_group_that_has_a_role_nobody_comes_in(groups: Any) -> None:
    with pytest.raises(SignInRefused) as refused:
        person_of({"sub": "1", "groups": groups}, SETTINGS)
    assert refused.value.key == "login.oidc.group"


@pytest.mark.parametrize(
    ("claims", "key", "why"),
    [
        ({}, "login.oidc.group", "sends no claim groups"),
        ({"groups": ["x"]}, "login.oidc.group", "no group of ['x'] has a role"),
        ({"_claim_names": {"groups": "src1"}}, "login.oidc.groups", "too many groups"),
        ({"_claim_names": {"roles": "src1"}}, "login.oidc.group", "sends no claim groups"),
        ({"_claim_names": "groups"}, "login.oidc.group", "sends no claim groups"),
    ],
)
def test_it_is_said_why_no_group_gives_a_role(claims: dict[str, Any], key: str, why: str) -> None:
    """The third is how Entra ID says that a person has more than 200 groups."""
    with pytest.raises(SignInRefused) as refused:
        person_of({"sub": "1", **claims}, SETTINGS)
    assert refused.value.key == key and why in refused.value.params["why"]


def test_a_partner_without_an_owner_group_does_not_come_in() -> None:
    settings = SignInSettings(oidc_roles={"p": "partner"})
    with pytest.raises(SignInRefused):
        person_of({"sub": "1", "groups": ["p"]}, settings)


def test_role_of_the_token_itself_is_not_a_role_here() -> None:
    with pytest.raises(SignInRefused):
        person_of({"sub": "1", "role": "admin", "roles": ["admin"]}, SETTINGS)


@pytest.mark.parametrize(
    "given",
    [{"oidc_issuer": "https://x", "oidc_roles": {"a": "admin"}}, {"oidc_issuer": "https://x", "oidc_client_id": "geo"},
     {"oidc_roles": "a=emperor"}, {"oidc_roles": "a"}, {"oidc_departments": "a=navy"}, {"oidc_issuer": "ftp://x"}],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        SignInSettings(**given)


def test_the_realm_of_the_docs_is_what_the_service_asks_for() -> None:
    realm = json.loads(
        (Path(__file__).parents[2] / "docs/examples/keycloak-realm.json").read_text(encoding="utf-8")
    )
    [client] = realm["clients"]
    [mapper] = client["protocolMappers"]
    assert [urlsplit(one).path for one in client["redirectUris"]] == [CALLBACK]
    assert client["attributes"]["pkce.code.challenge.method"] == "S256"
    assert mapper["config"]["claim.name"] == SignInSettings().oidc_group_claim
    assert (mapper["config"]["id.token.claim"], mapper["config"]["full.path"]) == ("true", "false")
