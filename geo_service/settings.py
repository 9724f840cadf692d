"""Everything that may differ between two installations: environment variables with the prefix GEO_.

A secret may also be a file `/run/secrets/geo_<name>` (Docker and Kubernetes lay them there).
"""

import datetime as dt
import ipaddress
import zoneinfo
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from geo_service import city, i18n
from geo_service.background_settings import BackgroundSettings
from geo_service.domain.city import InvalidCity
from geo_service.domain.errors import GeoServiceError
from geo_service.mail_settings import MailSettings
from geo_service.sign_in_settings import SignInSettings

PREFIX = "GEO_"
SECRETS_FOLDER = Path("/run/secrets")

Bbox = tuple[float, float, float, float]


class InvalidSettings(GeoServiceError):
    """A setting has a value that the service cannot work with."""

    code = "invalid_settings"


class Settings(SignInSettings, MailSettings, BackgroundSettings):
    """One frozen value, built by `load()` at an edge and handed down. Nothing reads it at import."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    home: Path = Field(Path("data/run"), description="Folder of the private database and of the demo's keys")
    database_url: SecretStr | None = Field(
        None,
        description="postgresql://user@host/name; without it the private database under the home is used",
    )
    database_password: SecretStr | None = Field(
        None, description="Password for the database URLs that carry none, so that it can be a secret file"
    )
    personal_key: SecretStr | None = Field(
        None,
        description="Key that seals personal data (`geo-service privacy key`), or several with commas: the first one seals, all open; without it the private database has one in the file personal.key under the home",
    )
    retention_months: int = Field(
        24, ge=1, le=1200, description="Personal data of a report go so many months after its repair closed"
    )
    read_database_url: SecretStr | None = Field(
        None,
        description="A streaming replica for tiles, features, files and numbers; without it the database itself answers",
    )
    replica_lag_s: float = Field(5, gt=0, description="A replica that is further behind answers nothing (s)")
    write_pool_size: int = Field(10, ge=1, description="Connections kept for writing, per process")
    read_pool_size: int = Field(10, ge=1, description="Connections kept for reading, per process")
    export_pool_size: int = Field(4, ge=1, description="Files made at once for whoever exports, per process")
    pool_timeout_s: float = Field(10, gt=0, description="How long a request waits for a free connection (s)")

    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one")
    requests_at_once: int = Field(
        400,
        ge=1,
        description="Requests under way in one process, without who listens to the feed; more are told at once to come back",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        pattern=r"^[0-9a-fA-F.:/, *]*$",
        description="Addresses or networks of reverse proxies, with commas: their X-Forwarded-For and X-Forwarded-Proto are believed",
    )
    send_timeout_s: float = Field(
        30, gt=0, description="How long a client may leave its answer unread before it is cut off (s)"
    )
    base_url: str = Field(
        default_factory=lambda values: f"http://{values.get('host')}:{values.get('port')}",
        pattern=r"^https?://\S+$",
        description="Where people and machines reach the service; links in alerts and feeds start with it",
    )
    max_body_bytes: int = Field(8 * 1024 * 1024, ge=1024, description="Largest request body accepted (bytes)")
    max_import_bytes: int = Field(
        1 << 30,
        ge=1024,
        description="Largest file that is taken in, uploaded or fetched from an address (bytes)",
    )
    import_memory_bytes: int = Field(
        4 << 30, ge=1 << 29, description="Memory that the worker's process of an import may take (bytes)"
    )
    fetch_timeout_s: float = Field(900, gt=0, description="How long fetching a file to import may take (s)")
    read_timeout_s: float = Field(
        30, gt=0, description="How long a feed or an address may say nothing while it is read (s)"
    )
    page_timeout_s: float = Field(
        120, gt=0, description="How long one page of a feed may take, all attempts together (s)"
    )
    allow_private_sources: bool = Field(
        False,
        description="Imports asked over HTTP may fetch from private and loopback addresses; the command line and the demo always may",
    )
    webhook_timeout_s: float = Field(10, gt=0, description="How long a webhook's receiver may take (s)")
    allow_private_webhooks: bool = Field(
        False,
        description="Webhooks may go to private and loopback addresses and over http; the demo always allows it",
    )

    open311_jurisdiction: str | None = Field(
        None, description="jurisdiction_id of Open311: another one is refused; without it none is looked at"
    )
    open311_max_per_hour: int = Field(
        600, ge=1, description="Reports that one key may file over Open311 in an hour"
    )

    feed_hours: Annotated[dict[str, Annotated[float, Field(gt=0)]], NoDecode] = Field(
        {"gipod": 6.0},
        description="source=hours,…: how often each feed should come in; at four times that it has stopped, and an alert says so",
    )
    poll_minutes: Annotated[dict[str, Annotated[float, Field(ge=5)]], NoDecode] = Field(
        {},
        description="source=minutes,…: feeds that the worker takes in by itself (gipod, gipod-ldes), at most every five minutes",
    )
    shrink_share: float = Field(
        0.3,
        gt=0,
        le=1,
        description="A sweep that no longer shows more than this share of a source's open works is not believed until confirmed",
    )
    shrink_least: int = Field(5, ge=1, description="… as long as it is at least so many")

    city_nis: str = Field("36008", pattern=r"^\d{5}$", description="NIS code of the city")
    city_name: str = Field("Izegem", min_length=1, description="Name of the city, as on screen")
    city_file: str = Field(
        city.DEFAULT,
        description="What the city knows of its owners, layers, materials and departments: a name in data/cities, or the path of such a file",
    )
    region_bbox: Annotated[Bbox, NoDecode] = Field(
        (2.5, 50.6, 6.0, 51.6),  # Flanders and Brussels
        description="west,south,east,north in WGS84 degrees; geometry outside is refused",
    )
    timezone: str = Field(
        default_factory=lambda values: city.load(values.get("city_file", city.DEFAULT)).time_zone,
        description="Time zone of the calendar day; without it that of the city's file",
    )
    today: dt.date | None = Field(None, description="Fixes the calendar day, for the demo and tests")
    language: Literal["nl", "en"] = Field("nl", description="Language when a reader asks for none")

    public_page: bool = Field(
        False,
        description="Whether everybody may read at /mijn-straat, without signing in, what happens in a street",
    )
    demo: bool = Field(False, description="Ready-made accounts on the login page; on a loopback address only")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged")
    log_format: Literal["text", "json"] = Field(
        "text", description="Log lines as text, or as one JSON object a line, with one for each request"
    )

    @field_validator("region_bbox", mode="before")
    @classmethod
    def _split_bbox(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.count(",") != 3:
            raise ValueError("must be four numbers: west,south,east,north")
        return value.split(",")

    @field_validator("city_file")
    @classmethod
    def _readable_city(cls, value: str) -> str:
        try:
            city.load(value)
        except InvalidCity as wrong:
            raise ValueError(str(wrong)) from None
        return value

    @field_validator("feed_hours", "poll_minutes", mode="before")
    @classmethod
    def _split_hours(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.partition("=") for part in value.split(",") if part.strip()]
        if not all(name.strip() and separator for name, separator, _ in parts):
            raise ValueError("must be source=number, with commas between them: gipod=6,osiris=24")
        return {name.strip(): hours.strip() for name, _, hours in parts}

    @field_validator("region_bbox")
    @classmethod
    def _order_bbox(cls, value: Bbox) -> Bbox:
        west, south, east, north = value
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError("must be west,south,east,north with west < east and south < north")
        return value

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url", "read_database_url")
    @classmethod
    def _address(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            kind = make_url(value.get_secret_value() if value else "postgresql://").get_backend_name()
        except ArgumentError:
            kind = None
        if kind not in ("postgresql", "postgres"):
            raise ValueError("must be an address as postgresql://user@host:5432/name")
        return value

    @field_validator("timezone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"there is no time zone {value!r}") from None
        return value

    @property
    def city_organisation(self) -> str:
        """The name under which the city itself owns repairs and works."""
        return f"Stad {self.city_name}"

    @model_validator(mode="after")
    def _demo_on_loopback(self) -> Self:
        if self.demo and not is_loopback(self.host):
            raise ValueError(f"the demo's ready-made accounts are for 127.0.0.1 only, not for {self.host}")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        secrets = (SecretsSettingsSource(settings_cls, SECRETS_FOLDER),) if SECRETS_FOLDER.is_dir() else ()
        return (init_settings, env_settings, *secrets)


def load(**overrides: Any) -> Settings:
    """The settings of this process; what is given here wins. InvalidSettings names what is wrong."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        errors = (
            one
            for one in error.errors(include_url=False, include_input=False)
            if one["type"] != "default_factory_not_called"  # follows from another error
        )
        findings = i18n.findings_of(errors, lambda at: "".join(PREFIX + str(name).upper() for name in at[:1]))
        raise InvalidSettings("settings_invalid", findings=findings) from None


def today(settings: Settings, at: dt.datetime | None = None) -> dt.date:
    """The calendar day where the city is, now or `at` an instant, unless the settings fix it."""
    zone = zoneinfo.ZoneInfo(settings.timezone)
    return settings.today or (dt.datetime.now(zone) if at is None else at.astimezone(zone)).date()


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
