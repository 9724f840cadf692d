"""Requests to a utility to take the city's repairs along with its works: their states, and until when an answer is of use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

from geo_service.domain.errors import InvalidTransition
from geo_service.domain.parameters import Parameters

RequestState = Literal["asked", "yes", "no", "no_answer", "done", "withdrawn"]
Withdrawal = Literal["cancelled", "deleted", "done", "vanished"]
Answer = Literal["yes", "no", "done"]
REQUEST_STATES: tuple[str, ...] = get_args(RequestState)
WITHDRAWALS: tuple[str, ...] = get_args(Withdrawal)
"""What became of the works of a request that is no question any more."""
WAITING: tuple[RequestState, ...] = ("asked", "no_answer")
"""Without an answer yet."""

SOURCES: Mapping[Answer, tuple[RequestState, ...]] = {
    "yes": ("asked", "no_answer", "no"),
    "no": ("asked", "no_answer", "yes"),
    "done": ("yes",),
}
"""From which states each answer may come. An answer after the term still counts, and is late."""


def check_answer(answer: Answer, state: RequestState) -> None:
    """Raises InvalidTransition for an answer that does not fit the state of the request."""
    if state not in SOURCES[answer]:
        raise InvalidTransition("request_state", request_status=state)


def lead_of(category: str | None, parameters: Parameters) -> tuple[int, bool]:
    """Return how long before their beginning works of a GIPOD category are registered: a number, and whether it counts working days."""
    digit = re.search(r"[123]", category or "")
    if digit is None or digit.group() == "2":
        return int(parameters.lead_category_2_days), False
    if digit.group() == "1":
        return int(parameters.lead_category_1_days), False
    return int(parameters.lead_category_3_working_days), True
