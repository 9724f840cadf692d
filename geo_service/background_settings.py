"""Settings of the optional background of the map: images of a service of others, such as aerial photos."""

import re
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings

ORIGIN = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?|http://(127\.0\.0\.1|localhost)(:\d{1,5})?")
"""What may stand in a Content-Security-Policy; in clear text on this machine only."""
TILE = ("{z}", "{x}", "{y}")


class BackgroundSettings(BaseSettings):
    """The part of the settings that is about the background. Without an address the map asks no other host for anything."""

    background_wmts: str | None = Field(
        None,
        description="https address of the images below the map (WMTS in Web Mercator), with {z}, {x} and {y}; without it there is no choice of a background",
    )
    background_credit: str | None = Field(
        None, min_length=1, description="Whose images these are, as the map and its prints say"
    )

    @field_validator("background_wmts")
    @classmethod
    def _address_of_a_tile(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if not ORIGIN.fullmatch(f"{parts.scheme}://{parts.netloc}") or re.search(r"\s", value):
                raise ValueError("must be an https address")
            if any(value.count(part) != 1 for part in TILE):
                raise ValueError("must have {z}, {x} and {y}, each once")
        return value

    @model_validator(mode="after")
    def _check_credit(self) -> Self:
        if self.background_wmts and not self.background_credit:
            raise ValueError(
                "GEO_BACKGROUND_WMTS needs GEO_BACKGROUND_CREDIT as well: whose images these are"
            )
        return self

    @property
    def background_origin(self) -> str | None:
        """Scheme and host of the images."""
        if self.background_wmts is None:
            return None
        parts = urlsplit(self.background_wmts)
        return f"{parts.scheme}://{parts.netloc}"
