"""A form as Open311 sends them, URL-encoded in UTF-8: its fields, each checked, and those that stay with whoever sent it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import parse_qs

from geo_service.domain.errors import InvalidInput

Form = Mapping[str, Sequence[str]]

MAX_BYTES = 64 * 1024
MAX_FIELDS = 100
MAX_DESCRIPTION = 4_000
MAX_WORDS = 1_000
"""Of any other field."""

_WEB_ADDRESS = re.compile(r"https?://[\w.-]+(:\d{1,5})?([/?#]\S*)?", re.IGNORECASE)


def read(body: bytes) -> dict[str, list[str]]:
    """The fields of a form in UTF-8; empty ones count as absent. Raises InvalidInput."""
    try:
        found = parse_qs(body.decode("ascii"), max_num_fields=MAX_FIELDS, errors="strict")
    except UnicodeDecodeError:
        raise InvalidInput.one("body", "not_readable", "must be a form, URL-encoded in UTF-8") from None
    except ValueError:
        raise InvalidInput.one("body", "too_many", f"at most {MAX_FIELDS} fields", limit=MAX_FIELDS) from None
    fields = {
        name: kept for name, values in found.items() if (kept := [value for value in values if value.strip()])
    }
    for name, values in fields.items():
        _check_length(name, values)
    return fields


def one(form: Form, name: str) -> str | None:
    """The value of a field that is given once. Raises InvalidInput."""
    values = form.get(name, ())
    if len(values) > 1:
        raise InvalidInput.one(name, "repeated_parameter", "is given more than once")
    return values[0].strip() if values else None


def named(form: Form) -> str | None:
    """Who speaks: first and last name."""
    return " ".join(part for part in (one(form, "first_name"), one(form, "last_name")) if part) or None


def others(form: Form, but: Collection[str]) -> dict[str, str | list[str]]:
    """The other fields as they came, a checked `media_url` among them. Never the key. Raises InvalidInput."""
    _check_media(one(form, "media_url"))
    aside = {*but, "api_key", "jurisdiction_id", "first_name", "last_name"}
    return {field: plain(values) for field, values in form.items() if field not in aside}


def plain(values: Sequence[str]) -> str | list[str]:
    """One value as it is, several as a list."""
    return values[0] if len(values) == 1 else list(values)


def _check_media(address: str | None) -> None:
    if address is not None and not _WEB_ADDRESS.fullmatch(address):
        raise InvalidInput.one("media_url", "address_invalid", "must be an http or https address")


def _check_length(name: str, values: Sequence[str]) -> None:
    most = MAX_DESCRIPTION if name == "description" else MAX_WORDS
    if len(name) > MAX_WORDS or any(len(value) > most for value in values):
        raise InvalidInput.one(name[:60], "too_long", f"at most {most} characters", limit=most)
    if any("\x00" in text for text in (name, *values)):
        raise InvalidInput.one(name[:60].replace("\x00", ""), "not_storable", "contains a NUL character")
