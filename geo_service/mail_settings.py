"""Settings of e-mail: the server that takes our mails, who sends them, and when."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from geo_service.domain import mail
from geo_service.domain.errors import InvalidInput


def _address(value: str | None) -> str | None:
    if value is not None:
        try:
            mail.check_address(value, "mail_from")
        except InvalidInput:
            raise ValueError("must be an e-mail address") from None
    return value


LATEST_DIGEST = dt.time(23, 50)
"""The worker looks every five minutes whether the e-mail of the day is due: later, the day could be over."""


def _hour_of_day(value: dt.time) -> dt.time:
    if value.tzinfo is not None or value > LATEST_DIGEST:
        raise ValueError(f"must be a time without a zone, {LATEST_DIGEST:%H:%M} at the latest")
    return value


class MailSettings(BaseSettings):
    """The part of the settings that is about e-mail. Without a server there is no e-mail."""

    smtp_host: str | None = Field(
        None, description="Server that takes our e-mails; without it the service sends none"
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="`tls` from the first byte (port 465), `starttls`, or `none` inside one machine",
    )
    smtp_user: str | None = Field(None, description="Login at the server; without it there is no login")
    smtp_password: SecretStr | None = Field(None, description="Password at the server")
    smtp_timeout_s: float = Field(60, gt=0, description="How long handing over one e-mail may take (s)")
    mail_from: Annotated[str | None, AfterValidator(_address)] = Field(
        None, description="Address that our e-mails come from"
    )
    mail_bundle_s: int = Field(
        60, ge=0, description="How long an e-mail waits for more of the same before it is sent (s)"
    )
    digest_at: Annotated[dt.time, AfterValidator(_hour_of_day)] = Field(
        dt.time(7),
        description="When the e-mail of the morning is sent, on working days, in the city's time zone; 23:50 at the latest",
    )

    @model_validator(mode="after")
    def _check_sender(self) -> Self:
        if self.smtp_host and not self.mail_from:
            raise ValueError("a server for e-mail (smtp_host) needs the address they come from (mail_from)")
        return self
