"""How deep works go: the layer of the street that they open. Deep layers come first, then the footpath, then the asphalt.

A trench for a sewer takes along whatever lies above it; a cable laid first is dug up again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, get_args

Layer = Literal[
    "sewer", "water", "gas", "heat", "energy", "electricity", "telecom", "unknown", "rails", "street", "footpath", "carriageway"
]  # fmt: skip
LAYERS: tuple[Layer, ...] = get_args(Layer)

RANKS: dict[Layer, int] = {
    "sewer": 1,  # 2 to 4 m
    "water": 2,  # about 1 m, free of frost
    "gas": 2,
    "heat": 2,
    "energy": 2,  # gas or electricity, the record does not say: as deep as the deeper of the two
    "electricity": 3,  # 0.6 to 0.8 m
    "telecom": 3,
    "unknown": 3,  # most records that name nothing are cables
    "rails": 4,
    "street": 5,  # from façade to façade: the footpath is part of it
    "footpath": 5,
    "carriageway": 6,  # after the kerb, which is the footpath's edge: a kerb set later breaks the new asphalt
}
"""Lower goes first. Works of one rank may come in any order, or together."""

WORDS: tuple[tuple[Layer, str], ...] = (
    ("street", r"am[ée]nagement complet|r[ée]am[ée]nagement|volledige heraanleg|herinrichting"),
    ("footpath", r"voetpad|trottoir|footpath"),
    ("sewer", r"riol|afvalwater|sewer|[ée]gout|assainiss"),
    ("water", r"water\b|eau potable|distribution d'eau"),
    ("gas", r"\bgas\b|\bgaz\b|aardgas"),
    ("heat", r"therm|warmtenet|chaleur|district heat"),
    ("electricity", r"elektri|[ée]lectri|verlichting|[ée]clairage|lighting|spanning"),
    ("telecom", r"tele?com|t[ée]l[ée]com|glasvezel|fibre|fiber|coax"),
    ("rails", r"spoorwerk|sporen\b|tramspo|voies? (?:de tram|ferr[ée]e)|\brails\b"),
    ("carriageway", r"wegenis|asfalt|asphalt|rijweg|toplaag|carriageway"),
)
"""What utilities, specifications and descriptions say; the first that fits, so the deepest of several."""

OWNERS: tuple[tuple[Layer, str], ...] = (
    ("street", r"am[ée]nagement complet"),
    ("footpath", r"trottoir"),
    ("sewer", r"aquafin|assainiss|hydria"),
    ("water", r"watergroep|farys|tmvw|pidpa|water-?link|vivaqua|agso knokke"),
    ("gas", r"fluxys"),
    ("electricity", r"\belia\b|sibelga ep\b"),
    ("energy", r"fluvius|sibelga|eandis|infrax|imewo|gaselwest|iveka|intergem"),
    ("telecom", r"proximus|belgacom|wyre|telenet|\bvoo\b|digi\b|\bdigi|colt\b|eurofiber|irisnet|integan|fiberklaar|unifiber|orange"),
    ("rails", r"\bstib\b|\bmivb\b|de lijn|infrabel"),
    ("carriageway", r"asphalt|wegen en verkeer|\bawv\b|bruxelles mobilit|\bbm-d"),
)  # fmt: skip
"""What the owner alone tells, where the record says nothing."""


def layer_of(owner: str, utilities: Sequence[str] = (), texts: Sequence[str | None] = ()) -> Layer:
    """The layer that works open: from what the record says it is for, else its texts, else who the owner is.

    A text may hold the name of a street, and a street may be called after a tram: texts only speak where utilities and owner do not.
    """
    return (
        _first(WORDS, utilities)
        or _first(OWNERS, (owner,))
        or _first(WORDS, [text for text in texts if text])
        or "unknown"
    )


def _first(table: Sequence[tuple[Layer, str]], texts: Sequence[str]) -> Layer | None:
    said = " | ".join(texts).lower()
    return next((layer for layer, words in table if re.search(words, said)), None) if said else None
