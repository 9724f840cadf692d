"""The order of works around a repair, with its sentences: part of the advice, and `/sequence`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo_service.domain.advice import Advice
from geo_service.domain.order import Order, Step
from geo_service.i18n import Translator

HOLDING = ("wait", "join", "holds")
"""The roles of works for which a repair waits, unless another owes it."""
MOST_NAMED = 3
"""The most names in one sentence."""
WORKS_FIELDS = (
    "works_id", "owner", "source", "source_id", "title", "layer", "starts_on", "ends_on", "certainty", "overdue",
)  # fmt: skip


def describe_order(advice: Advice, translator: Translator) -> dict[str, Any]:
    """The order of works of an advice."""
    order, owed = advice.order, _is_owed(advice)
    return {
        "sentence": _sentence(advice, translator),
        "first": [_step(step, order, translator, owed=owed) for step in order.first],
        "repair_from": order.repair_from,
        "moves": order.moves,
        "later": [_step(step, order, translator, owed=owed) for step in order.later],
        "cost_at_risk_eur": advice.cost_at_risk_eur,
        "now_eur": order.now_eur,
        "best_eur": order.best_eur,
        "margin_eur": order.margin_eur,
    }


def _is_owed(advice: Advice) -> bool:
    """Whether the owner of the trench repairs it though other works, surely over, still stand in its way."""
    return advice.verdict == "recover" and advice.blocked


def _sentence(advice: Advice, translator: Translator) -> str:
    order = advice.order
    if _is_owed(advice) and advice.leading:
        return translator.text("sequence.owed", owner=advice.leading.works.owner)
    spot = ".spot" if advice.scope == "spot" else ""
    words = {name: translator.text(f"sequence.{name}{spot}") for name in ("place", "laying")}
    held = [one for one in order.later if one.role == "holds"]
    early = [one for one in order.later if one.role == "early"]
    parts = [_way(order, words, translator)] if order.first or not held else []
    if held:
        parts.append(translator.text("sequence.too_late", first=_names(held, translator), **words))
    if early:
        parts.append(translator.text("sequence.turned", early=_names(early, translator), **words))
    return " ".join(parts)


def _way(order: Order, words: Mapping[str, str], translator: Translator) -> str:
    """What comes first, and from when on the repair can come. `words` name what is repaired."""
    if not order.first:
        far = any(one.role == "advance" for one in order.later)
        return translator.text("sequence.later" if far else "sequence.free", **words)
    waited = [step for step in order.first if step.role != "before"]
    joined = [step for step in waited if step.role == "join"]
    key = "in_order" if not waited else "moves" if order.moves else "waits"
    if joined and len(joined) < len(waited):
        key, waited = "join_after", [step for step in waited if step.role != "join"]
    elif joined:
        key = "join_alone"
    if waited and order.repair_from is None:
        key, waited = "asks", [*waited, *joined]  # the end of the last works is unknown
    params = {"until": order.repair_from, "cost": order.cost_at_risk_eur, "waiting": order.waiting_eur}
    names = {"first": _names(waited or order.first, translator), "joined": _names(joined, translator)}
    return translator.text(f"sequence.{key}", **words, **names, **params)


def _names(steps: Sequence[Step], translator: Translator) -> str:
    """The names of works, the first of them where there are many."""
    names = list(dict.fromkeys(_name(step, translator) for step in steps))
    more = (
        [translator.text("sequence.more", count=len(names) - MOST_NAMED)] if len(names) > MOST_NAMED else []
    )
    return ", ".join([*names[:MOST_NAMED], *more])


def _name(step: Step, translator: Translator) -> str:
    return f"{translator.text(f'layer.{step.works.layer}')} ({step.works.owner})"


def _step(step: Step, order: Order, translator: Translator, *, owed: bool) -> dict[str, Any]:
    works = step.works
    return {
        **{name: getattr(works, name) for name in WORKS_FIELDS},
        "works_ids": list(step.works_ids),
        "role": step.role,
        "text": _text(step, order, translator, owed=owed),
        "free_from": step.free_from,
        "slack_days": works.slack_days,
        "sure": step.sure,
        "probability": step.probability,
        "shared_m2": round(step.shared_m2, 2),
        "shared_share": round(step.lost_share, 4),
        "cost_at_risk_eur": step.cost_at_risk_eur,
        "weight": step.weight,
        "too_soon_for": list(step.too_soon_for),
        "remark": works.remark,
    }


def _text(step: Step, order: Order, translator: Translator, *, owed: bool) -> str:
    works = step.works
    role: str = "umbrella" if step.role == "aside" and works.umbrella else step.role
    if owed and step.role in HOLDING:
        role = "no_wait"
    sentences = [
        translator.text(
            "sequence.job",
            layer=translator.text(f"layer.{works.layer}").capitalize(),
            owner=works.owner,
            source_id=works.source_id,
            **{"from": works.starts_on, "last": works.last_day},
        ),
        translator.text(f"sequence.{role}", until=works.ends_on),
    ]
    if works.overdue and not works.late and step.role in ("wait", "join"):
        sentences.append(translator.text("sequence.if_today", until=works.claimed_until))
    elif works.certainty == "in_progress" and works.ends_on <= translator.today:
        sentences.append(translator.text("sequence.running_on"))
    elif works.slack_days and step.role in ("before", "wait", "join"):
        sentences.append(
            translator.text("sequence.slack" if works.sure else "sequence.wish", days=works.slack_days)
        )
    deeper = [_name(other, translator) for other in order.first if other.works.works_id in step.too_soon_for]
    if deeper:
        sentences.append(translator.text("sequence.too_soon", deeper=", ".join(dict.fromkeys(deeper))))
    return " ".join(sentences)
