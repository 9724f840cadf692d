"""Claims: a footprint, for a period, with a meaning. Everything that can get in each other's way becomes one."""

from __future__ import annotations

from typing import Literal, get_args

ClaimKind = Literal[
    "opening", "occupancy", "repair", "defect", "investment", "guarantee", "protection", "access", "street"
]
"""`defect` is the reported hole itself: a guarantee is asked for the hole, not for the whole section relaid around it. A `protection` is
the ground that works closed, which nobody else may open for a while; that of a repair is its `investment`."""

CLAIM_KINDS: tuple[str, ...] = get_args(ClaimKind)
