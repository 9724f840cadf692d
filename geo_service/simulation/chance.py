"""Chance that depends on what it is about, never on the order in which things are asked."""

from __future__ import annotations

import random
from collections.abc import Sequence


def throw(seed: int, *about: object) -> random.Random:
    """Return dice for one question: the same seed and question give the same throws."""
    return random.Random("/".join(map(str, (seed, *about))))  # nosec B311 # chance, never a secret


def quantile(deciles: Sequence[float], rng: random.Random) -> float:
    """Return a draw from a distribution given by its eleven deciles, straight between them."""
    at = rng.random() * (len(deciles) - 1)
    below = int(at)
    return deciles[below] + (at - below) * (deciles[min(below + 1, len(deciles) - 1)] - deciles[below])
