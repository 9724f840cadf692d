"""What a new city still lacks, item by item."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from geo_service.domain.checklist import GROUND, ROLES_AT_WORK, Circumstances, checklist

READY = Circumstances(
    own_city=True,
    counts=dict.fromkeys(GROUND, 1),
    feeds=frozenset({"gipod"}),
    fresh_feeds=frozenset({"gipod"}),
    roles=frozenset(ROLES_AT_WORK),
    mail_server=True,
    placeholders=("relay_eur_per_m2", "guarantee_months"),
    own_parameters=frozenset({"relay_eur_per_m2", "guarantee_months"}),
)


def missing(**changes: Any) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {
        one.item: (one.state, one.missing)
        for one in checklist(replace(READY, **changes))
        if one.state != "done"
    }


def test_a_city_that_has_everything_lacks_nothing() -> None:
    assert missing() == {}


@pytest.mark.parametrize(
    ("changes", "item", "state", "codes"),
    [
        ({"own_city": False}, "city", "missing", ("city_file",)),
        ({"counts": dict.fromkeys(GROUND, 0)}, "ground", "missing", GROUND),
        ({"counts": {**dict.fromkeys(GROUND, 5), "streets": 0}}, "ground", "partly", ("streets",)),
        ({"feeds": frozenset(), "fresh_feeds": frozenset()}, "feeds", "missing", ("works", "in_time")),
        ({"fresh_feeds": frozenset()}, "feeds", "partly", ("in_time",)),
        ({"roles": frozenset({"admin", "viewer"})}, "people", "partly", ("coordinator", "utilities_desk", "workshop")),
        ({"roles": frozenset({"viewer"})}, "people", "missing", ROLES_AT_WORK),
        ({"mail_server": False}, "mail", "missing", ("mail_server",)),
        ({"own_parameters": frozenset({"guarantee_months"})}, "prices", "partly", ("relay_eur_per_m2",)),
        ({"own_parameters": frozenset({"ring_m"})}, "prices", "missing", ("relay_eur_per_m2", "guarantee_months")),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    changes: dict[str, Any], item: str, state: str, codes: tuple[str, ...]
) -> None:
    assert missing(**changes) == {item: (state, codes)}
