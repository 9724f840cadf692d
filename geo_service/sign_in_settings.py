"""Settings of how people sign in: an issuer of OpenID Connect or local accounts, and how long a session lasts."""

import json
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode

from geo_service.domain.users import DEPARTMENTS, PEOPLE_ROLES

ByGroup = Annotated[dict[str, str], NoDecode]


class SignInSettings(BaseSettings):
    """The part of the settings that is about people."""

    oidc_issuer: str | None = Field(
        None,
        pattern=r"^https?://[^\s?#]+$",
        description="Issuer of OpenID Connect at which people sign in; without it there are local accounts",
    )
    oidc_client_id: str | None = Field(None, description="As the issuer knows this service")
    oidc_client_secret: SecretStr | None = Field(
        None, description="What the issuer gave with it; without it the service is a public client"
    )
    oidc_scopes: str = Field("openid profile email", description="What the issuer is asked for")
    oidc_group_claim: str = Field("groups", description="The claim with the groups or roles of a person")
    oidc_roles: ByGroup = Field(
        {},
        description="group=role,… or JSON: the role of who is in that group; of several the first one here",
    )
    oidc_departments: ByGroup = Field({}, description="group=department,… or JSON")
    oidc_owner_groups: ByGroup = Field(
        {}, description="group=owner group,… or JSON: whose works a partner of that group sees"
    )
    oidc_leeway_s: float = Field(60, ge=0, description="How far the issuer's clock may be off (s)")
    oidc_timeout_s: float = Field(10, gt=0, description="How long one answer of the issuer may take (s)")

    session_idle_minutes: float = Field(
        240, gt=0, description="A person who does nothing for so long is signed out (minutes)"
    )
    session_hours: float = Field(12, gt=0, description="A session ends after so long, however active (hours)")
    sign_in_tries: int = Field(5, ge=1, description="Wrong passwords for one login before it must wait")
    sign_in_tries_per_address: int = Field(
        50, ge=1, description="Wrong passwords from one address before it must wait: a town hall has one"
    )
    sign_in_window_minutes: float = Field(
        15, gt=0, description="Within how long these are counted, and how long to wait (minutes)"
    )

    second_factor_roles: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="role,…: local accounts of these roles sign in with a code of an authenticator app too",
    )

    rate_per_minute: int = Field(
        12_000, ge=0, description="Requests a minute of one person or key, over all processes; 0: no limit"
    )
    rate_per_address: int = Field(
        60_000,
        ge=0,
        description="Requests a minute of one address, over all processes: a town hall has one; 0: no limit",
    )
    key_days: int = Field(
        365, ge=1, le=3650, description="An API key expires after so many days, unless it was made for others"
    )
    key_overlap_days: int = Field(
        7, ge=0, le=90, description="A key that was rotated works on for so many days"
    )
    key_warn_days: int = Field(
        30,
        ge=0,
        le=365,
        description="A key that expires within so many days is to be rotated, and shown as such",
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_without_slash(cls, value: str | None) -> str | None:
        return value and value.rstrip("/")

    @field_validator("oidc_roles", "oidc_departments", "oidc_owner_groups", mode="before")
    @classmethod
    def _split_groups(cls, value: Any) -> Any:
        """`a=b,c=d`; JSON where a group has a comma in its name. The last `=` counts: a group may be `CN=…`."""
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("{"):
            return json.loads(value)
        parts = [part.rpartition("=") for part in value.split(",") if part.strip()]
        if not all(group.strip() and word.strip() for group, _, word in parts):
            raise ValueError("must be group=word, with commas between them, or JSON")
        return {group.strip(): word.strip() for group, _, word in parts}

    @field_validator("second_factor_roles", mode="before")
    @classmethod
    def _split_roles(cls, value: Any) -> Any:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("second_factor_roles")
    @classmethod
    def _check_factor_roles(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _check_words({role: role for role in value}, PEOPLE_ROLES)
        return value

    @field_validator("oidc_roles")
    @classmethod
    def _check_roles(cls, value: dict[str, str]) -> dict[str, str]:
        return _check_words(value, PEOPLE_ROLES)

    @field_validator("oidc_departments")
    @classmethod
    def _check_departments(cls, value: dict[str, str]) -> dict[str, str]:
        return _check_words(value, DEPARTMENTS)

    @model_validator(mode="after")
    def _check_issuer(self) -> Self:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("GEO_OIDC_ISSUER needs GEO_OIDC_CLIENT_ID as well")
        if self.oidc_issuer and not self.oidc_roles:
            raise ValueError("GEO_OIDC_ISSUER needs GEO_OIDC_ROLES as well: nobody would have a role")
        return self


def _check_words(value: dict[str, str], words: tuple[str, ...]) -> dict[str, str]:
    wrong = sorted(set(value.values()) - set(words))
    if wrong:
        raise ValueError(f"{', '.join(wrong)}: must be one of {', '.join(words)}")
    return value
