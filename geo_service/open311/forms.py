"""The fields of an Open311 form, and the reporter's data in it.

The fields that locate and classify a report must be valid. An invalid optional field is dropped with a remark, so it never costs the
report.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from geo_service.domain.errors import FieldError, InvalidInput

Form = Mapping[str, Sequence[str]]

MAX_BYTES = 64 * 1024
"""The largest form without files (bytes)."""
MAX_FIELDS = 1_000
MAX_DESCRIPTION = 4_000
MAX_WORDS = 1_000
"""The longest value of any other field (characters)."""
MAX_MEDIA = 10
"""The most stored photo addresses of one report."""
MEDIA_FIELDS = ("media_url", "media_url[]")
MEDIA_OUTCOMES = "media_outcomes"
"""What became of each address of a photo, in the details of its report: our own field, which no form fills."""

NEEDED = frozenset(
    {
        "service_code", "lat", "long", "address_string", "address_id", "service_request_id", "api_key", "jurisdiction_id",
        "update_id", "update_id_ext",
    }
)  # fmt: skip
"""Fields that identify the report; an invalid one is refused."""

_WEB_ADDRESS = re.compile(r"https?://[\w.-]+(:\d{1,5})?([/?#]\S*)?", re.IGNORECASE)


def read(body: bytes) -> dict[str, list[str]]:
    """The fields of a URL-encoded form, in UTF-8 or, where that fails, in Windows-1252. Raises InvalidInput."""
    for encoding in ("utf-8", "cp1252"):
        try:
            text = body.decode(encoding)
            return parse_qs(text, max_num_fields=MAX_FIELDS, encoding=encoding, errors="strict")
        except UnicodeDecodeError:
            continue
        except ValueError:
            raise InvalidInput.one("body", "too_many.fields", limit=MAX_FIELDS) from None
    raise InvalidInput.one("body", "not_readable")


def clean(fields: Form) -> tuple[dict[str, list[str]], list[FieldError]]:
    """The storable fields without empty ones, and a remark on each shortened or dropped field.

    Raises InvalidInput about a needed field that is not storable.
    """
    cleaned: dict[str, list[str]] = {}
    remarks: list[FieldError] = []
    for name, values in fields.items():
        wrong = _wrong(name, values)
        if wrong and name in NEEDED:
            raise InvalidInput([wrong])
        if wrong:
            remarks.append(wrong)
        if len(name) <= MAX_WORDS and "\x00" not in name:
            cut = [value.replace("\x00", "")[: _most(name)] for value in values]
            cleaned[name] = [value for value in cut if value.strip()]
    return {name: values for name, values in cleaned.items() if values}, remarks


def one(form: Form, name: str) -> str | None:
    """The value of a needed field. Raises InvalidInput for different values."""
    values = {value.strip() for value in form.get(name, ())}
    if len(values) > 1:
        raise InvalidInput.one(name, "repeated_parameter")
    return values.pop() if values else None


def joint_text(form: Form, name: str, between: str = " ") -> str | None:
    """All values of a field as one text."""
    return between.join(dict.fromkeys(value.strip() for value in form.get(name, ()))) or None


def reporter_name(form: Form) -> str | None:
    """The first and last name of the reporter."""
    return (
        " ".join(part for part in (joint_text(form, "first_name"), joint_text(form, "last_name")) if part)
        or None
    )


def others(form: Form, but: Collection[str]) -> tuple[dict[str, Any], list[FieldError]]:
    """The other fields as they came, without the key; photo addresses as `media_url`, with a remark on
    dropped ones.
    """
    aside = {*but, *MEDIA_FIELDS, MEDIA_OUTCOMES, "api_key", "jurisdiction_id", "first_name", "last_name"}
    fields: dict[str, Any] = {field: plain(values) for field, values in form.items() if field not in aside}
    addresses, remarks = _media(value.strip() for field in MEDIA_FIELDS for value in form.get(field, ()))
    if addresses:
        fields["media_url"] = plain(addresses)
    return fields, remarks


def plain(values: Sequence[str]) -> str | list[str]:
    """One value alone, several as a list."""
    return values[0] if len(values) == 1 else list(values)


def _media(values: Iterable[str]) -> tuple[list[str], list[FieldError]]:
    addresses: list[str] = []
    remarks: list[FieldError] = []
    for address in dict.fromkeys(values):
        if not _WEB_ADDRESS.fullmatch(address):
            remarks.append(FieldError("media_url", "address_invalid.web"))
        elif len(addresses) == MAX_MEDIA:
            remarks.append(FieldError("media_url", "too_many.limit", {"limit": MAX_MEDIA}))
            break
        else:
            addresses.append(address)
    return addresses, remarks


def _most(name: str) -> int:
    return MAX_DESCRIPTION if name == "description" else MAX_WORDS


def _wrong(name: str, values: Sequence[str]) -> FieldError | None:
    excerpt, most = name[:60].replace("\x00", ""), _most(name)
    if len(name) > MAX_WORDS or any(len(value) > most for value in values):
        return FieldError(excerpt, "too_long.limit", {"limit": most})
    if any("\x00" in text for text in (name, *values)):
        return FieldError(excerpt, "not_storable.nul")
    return None
