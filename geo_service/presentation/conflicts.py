"""A conflict as a title and as a sentence, and what would end it in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from geo_service.domain.conflicts import GONE, WorksParty
from geo_service.domain.explain import disappears_if, free_from
from geo_service.domain.holds import SURFACE_RULES
from geo_service.domain.parameters import Parameters
from geo_service.domain.period import DAYS_PER_YEAR, ONE_DAY
from geo_service.domain.reasons import seen_until, special_of
from geo_service.i18n import Translator
from geo_service.store.listing import Row

FLAGS = {"after": "after_layer", "crossing": "crossing", "joint": "joint"}
"""The facts for which a conflict has another sentence than that of its rule, by its key."""


def title(number: int | None, rule: str, translator: Translator, owners: Iterable[str] = ()) -> str:
    """The number, the rule and the owners of the works: "C-12 Verspilde herstelling (Proximus)"."""
    parties = ", ".join(dict.fromkeys(owners))
    name = translator.text(f"rule.{rule}")
    return " ".join(part for part in (number and f"C-{number}", name, parties and f"({parties})") if part)


def sentence(row: Row, briefs: Mapping[UUID, Row], translator: Translator, parameters: Parameters) -> str:
    """The conflict in one sentence; for a past one, also why it ended. `briefs` describe its works."""
    works = _works_to_come(row, briefs)
    special = works and special_of(works, _begin(row["a"]), seen_until(parameters, translator.today))
    params = {**_params(row, briefs, translator), "slack": works.slack_days if works else 0}
    text = translator.text(f"reason.{special or _key(row)}", **params)
    if special:  # as advice words it, with the works before it
        text = f"{translator.text('reason.works', **params)} {text}"
    return translator.text(f"gone.{row['status']}", sentence=text) if row["status"] in GONE else text


def changes_that_end_it(row: Row, rule: Row, translator: Translator) -> list[dict[str, Any]]:
    """The changes of facts without which the conflict would be no more."""
    return [
        {
            "code": change.code,
            "params": change.params,
            "text": translator.text(f"disappear.{change.code}", **change.params),
        }
        for change in disappears_if(dict(row), dict(rule))
    ]


def _params(row: Row, briefs: Mapping[UUID, Row], translator: Translator) -> dict[str, Any]:
    a, b, facts = row["a"], row["b"], row["facts"]
    parties = [_owner(side, briefs) for side in (a, b)]
    works = b if b["works_ids"] and b["kind"] != "access" else a
    params = {
        "owner": _owner(works, briefs),
        "other_owner": parties[0],
        "building": b.get("place") or translator.text("reason.a_building"),
        "from": _day(works["stated_starts_on"] or works["starts_on"]),
        "last": _day(works["stated_ends_on"] or works["ends_on"]) - ONE_DAY,
        "until": _day(row["a"].get("moratorium_until") or works["ends_on"]),
        "days": facts["overlap_days"] or facts["gap_days"],
        "weeks": round(facts["gap_days"] / 7),
        "area_m2": facts["overlap_m2"],
        "distance_m": facts["distance_m"],
        "years": round((facts["inputs"]["life_days"] or 0) / DAYS_PER_YEAR, 1),
        "saving": facts.get("saving_eur", 0),
        "cost": facts["cost_at_risk_eur"],
        "probability": facts.get("probability"),
        "source_id": _brief(works, briefs).get("source_id"),
        "count": facts.get("digs"),
        "street": b.get("place") or "",
    }
    if row["rule_id"] == "guarantee_applies":
        params["from"] = _day(b["starts_on"]) - ONE_DAY  # the trench was closed
    if row["rule_id"] == "occupancy_during_repair" and not row["blocking"]:
        params["until"] = free_from(works, row["a"])
    if row["rule_id"] == "wasted_repair":
        params["days"] = facts["gap_days"]
    if row["rule_id"] == "shared_trench":
        first, second = sorted(
            zip((a, b), parties, strict=True), key=lambda side: side[0]["stated_starts_on"]
        )
        params |= {"owner": first[1], "other_owner": second[1]}
    return params


def _key(row: Row) -> str:
    """The key of the sentence: that of the rule, or of the reason not to wait."""
    return next((code for flag, code in FLAGS.items() if row["facts"].get(flag)), str(row["rule_id"]))


def _works_to_come(row: Row, briefs: Mapping[UUID, Row]) -> WorksParty | None:
    """The works that meet the surface of a repair still to be done, by which advice and list choose their words (`domain.reasons.special_of`)."""
    repair, works = row["a"], row["b"]
    if row["rule_id"] not in SURFACE_RULES or repair["certainty"] == "done":
        return None
    if any(row["facts"].get(flag) for flag in FLAGS):
        return None
    brief = _brief(works, briefs)
    return WorksParty(
        owner=_owner(works, briefs),
        owner_kind=str(brief.get("owner_kind", "")),
        source=str(brief.get("source", "")),
        source_id=str(brief.get("source_id", "")),
        certainty=works["certainty"],
        starts_on=_day(works["stated_starts_on"]),
        ends_on=_day(works["stated_ends_on"]),
        claimed_until=_day(works["ends_on"]),
        overdue=works["overdue"],
        vanished_on=brief.get("vanished_on"),
        umbrella=works["umbrella"],
    )


def _begin(repair: Mapping[str, Any]) -> date:
    """The first day of a repair; without days it would be done on one day, and its surface is new from the next on."""
    if repair["stated_starts_on"]:
        return _day(repair["stated_starts_on"])
    return _day(repair["starts_on"]) - (ONE_DAY if repair["kind"] == "investment" else timedelta(0))


def _brief(side: Mapping[str, Any], briefs: Mapping[UUID, Row]) -> Mapping[str, Any]:
    return dict(briefs.get(UUID(str(side["works_id"])), {})) if side["works_id"] else {}


def _owner(side: Mapping[str, Any], briefs: Mapping[UUID, Row]) -> str:
    return str(_brief(side, briefs).get("owner") or side["owner_group"] or side.get("place") or "")


def _day(text: str) -> date:
    return date.fromisoformat(text)
