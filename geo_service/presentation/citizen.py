"""The message to the reporter of a defect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from geo_service.domain.advice import Advice
from geo_service.i18n import Translator


def message_of(advice: Advice) -> tuple[str, dict[str, Any]]:
    """The code of the message (`citizen.<code>`) and its figures: who comes, and from when the defect is repaired."""
    leading = advice.leading
    if leading is None:
        return advice.verdict, {"owner": None, "until": advice.until}
    if advice.verdict == "recover" and any(one.code == "older_than_trench" for one in advice.reasons):
        return "recover.older", {"owner": leading.works.owner, "until": None}
    agreed = leading.agreement and leading.agreement.kind
    joined = advice.verdict == "combine" and agreed == "combine"
    until = None if joined else advice.until
    params = {"owner": leading.works.owner, "until": until or leading.works.ends_on}
    if advice.verdict == "wait" and agreed in ("full_width", "hold_until"):
        return str(agreed), params
    if advice.verdict == "make_safe" and leading.rule == "guarantee_applies":
        return "recover", params
    if advice.verdict == "make_safe" and advice.until is None:
        return "make_safe.no_day", params
    return advice.verdict, params


def text(code: str, params: Mapping[str, Any], translator: Translator) -> str:
    """A message in words, also from stored figures; `number` is that of the report with the same defect."""
    figures = {name: _day(value) for name, value in params.items()}
    words = translator.text(f"citizen.{code}", **figures)
    main = figures.get("number")
    return translator.text("citizen.same_as", number=main, text=words) if main else words


def _day(value: Any) -> Any:
    """An ISO day as a date, any other value as it is."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    return value
