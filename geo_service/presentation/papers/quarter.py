"""The quarter: what happened to conflicts, repairs, requests and claims."""

from __future__ import annotations

from geo_service.i18n import Translator
from geo_service.presentation.papers import parts
from geo_service.presentation.papers.paper import Paper, Table, background_lines
from geo_service.store.papers import Quarter


def paper(quarter: Quarter, translator: Translator) -> Paper:
    """Word the quarter."""
    last = parts.last_day(quarter.until_on)
    lead = translator.text("paper.quarter.lead", **{"from": quarter.from_on, "last": last})
    number = (quarter.from_on.month + 2) // 3
    return Paper(
        translator.text("paper.quarter.title", n=number, year=str(quarter.from_on.year)),
        [lead, *background_lines(quarter.background, translator)],
        "",
        [
            _rules(quarter, translator),
            _repairs(quarter, translator),
            _requests(quarter, translator),
            parts.avoided(quarter.avoided, translator),
            _claims(quarter, translator),
            parts.owners(quarter.owners, translator),
        ],
    )


def _rules(quarter: Quarter, translator: Translator) -> Table:
    heads = parts.columns(
        translator,
        ("rule", "text", 36),
        ("opened", "number", 16),
        ("decided", "number", 16),
        ("ended", "number", 16),
        ("decision_days", "number", 16),
    )
    body = [
        [translator.text(f"rule.{row['rule']}"), row["opened"], row["decided"], row["ended"], row["days"]]
        for row in quarter.rules
    ]
    return parts.table("rules", heads, body, translator)


def _repairs(quarter: Quarter, translator: Translator) -> Table:
    heads = parts.columns(
        translator,
        ("scope", "text", 40),
        ("count", "number", 20),
        ("area_m2", "number", 20),
        ("cost", "money", 20),
    )
    body = [
        [translator.text(f"scope.{row['scope']}"), row["repairs"], row["area_m2"], row["cost_eur"]]
        for row in quarter.repairs
    ]
    return parts.table("repairs", heads, body, translator, n=sum(row["repairs"] for row in quarter.repairs))


def _requests(quarter: Quarter, translator: Translator) -> Table:
    names = ("asked", "yes", "no", "waiting", "withdrawn")
    heads = parts.columns(translator, ("owner", "text", 40), *((name, "number", 15) for name in names))
    body = [[row["owner"], *(row[name] for name in names)] for row in quarter.requests]
    return parts.table("asked", heads, body, translator, n=sum(row["asked"] for row in quarter.requests))


def _claims(quarter: Quarter, translator: Translator) -> Table:
    heads = parts.columns(
        translator,
        ("owner", "text", 40),
        ("state", "text", 20),
        ("count", "number", 20),
        ("money", "money", 20),
    )
    body = [
        [row["owner"], translator.text(f"claim_status.{row['state']}"), row["claims"], row["amount_eur"]]
        for row in quarter.claims
    ]
    return parts.table("claims", heads, body, translator)
