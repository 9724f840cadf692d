"""What can be reported: our categories of repair as GeoReport's services, with the questions that go with each.

A `service_code` is a category; the words come from the locale files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo_service.domain.errors import InvalidInput
from geo_service.domain.repairs import REPAIR_CATEGORIES, Scope, Urgency
from geo_service.i18n import Speaker


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question with a fixed list of answers (`singlevaluelist`); each may be left open."""

    code: str
    keys: tuple[str, ...]


# In the order in which they are asked.
ATTRIBUTES = (
    Attribute("hindrance", ("none", "hinders", "dangerous")),
    Attribute("extent", ("spot", "section")),
)

# What a citizen calls dangerous has nobody seen yet: it is urgent, and whoever looks at it calls it a danger.
URGENCIES: Mapping[str, Urgency] = {"none": "low", "hinders": "normal", "dangerous": "high"}
SCOPES: Mapping[str, Scope] = {"spot": "spot", "section": "section"}


def listed(speaker: Speaker) -> list[dict[str, Any]]:
    """GET services."""
    return [
        {
            "service_code": code,
            "service_name": speaker.say(f"category.{code}"),
            "description": speaker.say(f"open311.{code}.description"),
            "metadata": True,
            "type": "realtime",
            "keywords": speaker.say(f"open311.{code}.keywords"),
            "group": speaker.say("open311.group"),
        }
        for code in REPAIR_CATEGORIES
    ]


def definition(code: str, speaker: Speaker) -> dict[str, Any]:
    """GET service definition of a known service."""
    attributes = [
        {
            "variable": True,
            "code": one.code,
            "datatype": "singlevaluelist",
            "required": False,
            "datatype_description": None,
            "order": place,
            "description": speaker.say(f"open311.attribute.{one.code}"),
            "values": [
                {"key": key, "name": speaker.say(f"open311.attribute.{one.code}.{key}")} for key in one.keys
            ],
        }
        for place, one in enumerate(ATTRIBUTES, start=1)
    ]
    return {"service_code": code, "attributes": attributes}


def answered(attributes: Mapping[str, Sequence[str]]) -> tuple[Urgency, Scope]:
    """What the answers mean for the repair; those to questions we did not ask mean nothing. Raises InvalidInput."""
    given = {one.code: _choice(one, attributes.get(one.code, ())) for one in ATTRIBUTES}
    return URGENCIES[given["hindrance"] or "hinders"], SCOPES[given["extent"] or "spot"]


def _choice(asked: Attribute, values: Sequence[str]) -> str | None:
    chosen = [value for value in values if value]
    if not chosen:
        return None
    if len(chosen) > 1 or chosen[0] not in asked.keys:
        message = f"must be one of {', '.join(asked.keys)}"
        raise InvalidInput.one(f"attribute[{asked.code}]", "not_in_list", message, known=asked.keys)
    return chosen[0]
