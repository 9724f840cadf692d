"""Claims on the guarantee of a utility: their states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from geo_service.domain.errors import InvalidTransition

ClaimState = Literal["sent", "accepted", "refused", "paid"]
CLAIM_STATES: tuple[str, ...] = get_args(ClaimState)

SOURCES: Mapping[ClaimState, tuple[ClaimState, ...]] = {
    "accepted": ("sent", "refused"),
    "refused": ("sent", "accepted"),
    "paid": ("sent", "accepted"),
}
"""From which states each answer may come."""


def check_answer(answer: ClaimState, state: ClaimState) -> None:
    """Raises InvalidTransition for an answer that does not fit the state of the claim."""
    if state not in SOURCES.get(answer, ()):
        raise InvalidTransition("claim_state", claim_status=state)
