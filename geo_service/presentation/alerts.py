"""An alert of the feed as a title and a sentence, for mail, feeds and lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo_service.domain.period import ONE_DAY
from geo_service.i18n import Translator
from geo_service.presentation import conflicts, verdicts


@dataclass(frozen=True, slots=True)
class AlertText:
    """An alert in words: the title says what happened to what, the sentence adds the facts."""

    title: str
    sentence: str


def describe_alert(alert: Mapping[str, Any], translator: Translator) -> AlertText:
    """The words of an alert: its `type` and `data` as the feed holds them, and `repair_number` where the reader has looked it up.

    Nothing about a citizen is in it, as nothing about one is in the feed.
    """
    kind, data = alert["type"], alert["data"]
    number = alert.get("repair_number") or data.get("repair_number")
    repair = (
        translator.text("alert.repair", number=f"H-{number}") if number else translator.text("alert.a_repair")
    )
    params = {**_figures(data), "repair": repair, "conflict": _conflict(data, translator)}
    if kind.startswith("request."):
        params |= {"number": data["number"], "owner": data["owner"]}
    if kind == "conflict.status_changed":
        params["status"] = translator.text(f"status.{data['changes']['status'][1]}")
    sentences = {
        "conflict": _of_conflict,
        "repair": _of_advice,
        "advice": _of_advice,
        "feed": _of_source,
        "request": _of_request,
    }
    key = f"{kind}.confirmed" if data.get("confirmed") else kind
    sentence = sentences[kind.partition(".")[0]](key, data, params, translator)
    return AlertText(translator.text(f"alert.{key}.title", **params), sentence)


def _conflict(data: Mapping[str, Any], translator: Translator) -> str | None:
    if "rule" not in data:
        return None
    owners = [works["owner"] for works in data["works"] or ()]
    return conflicts.title(data["number"], data["rule"], translator, owners)


def _of_conflict(
    kind: str, data: Mapping[str, Any], params: Mapping[str, Any], translator: Translator
) -> str:
    """The works, the repair that they meet, what is at risk, and whether the repair is held."""
    parts = [_works(works, translator) for works in data["works"] or ()]
    if data["repair_number"]:
        parts.append(translator.text("alert.meets", repair=params["repair"]))
    if data["cost_at_risk_eur"]:
        parts.append(translator.text("alert.at_risk", cost=data["cost_at_risk_eur"]))
    if data["blocking"] and kind in ("conflict.opened", "conflict.reopened", "conflict.changed"):
        parts.append(translator.text("alert.blocking"))
    return " ".join(parts) or params["conflict"]


def _of_advice(kind: str, data: Mapping[str, Any], params: Mapping[str, Any], translator: Translator) -> str:
    """The verdict with its works, and the verdict before it where there was another one."""
    if "verdict" not in data:
        return translator.text(f"alert.{kind}.sentence")
    verdict = _verdict(data, data["works"], translator)
    parts = [f"{verdict}."]
    if data["works"]:
        parts.append(_works(data["works"], translator))
    if before := _verdict_before(data, translator):
        parts.append(translator.text("alert.before", verdict=before))
    if data["cost_at_risk_eur"]:
        parts.append(translator.text("alert.at_risk", cost=data["cost_at_risk_eur"]))
    return " ".join(parts)


def _of_source(kind: str, data: Mapping[str, Any], params: Mapping[str, Any], translator: Translator) -> str:
    form = "never" if kind == "feed.stopped" and params["read_on"] is None else "sentence"
    return translator.text(f"alert.{kind}.{form}", **params)


def _of_request(kind: str, data: Mapping[str, Any], params: Mapping[str, Any], translator: Translator) -> str:
    """The works, the number of the request, and until when or what was answered."""
    words = translator.text(f"request_state.{data['state']}")
    withdrawal = data.get("withdrawal")
    reason = translator.text(f"request_withdrawal.{withdrawal}") if withdrawal else None
    answer = translator.text(f"alert.{kind}.sentence", until=_day(data["due_on"]), state=words, reason=reason)
    return f"{_works(data, translator)} {answer}"


def _works(works: Mapping[str, Any], translator: Translator) -> str:
    params = {
        "owner": works["owner"],
        "source_id": works["source_id"],
        "from": _day(works["starts_on"]),
        "last": _day(works["ends_on"]) - ONE_DAY,
    }
    return translator.text("alert.works", **params)


def _verdict(advice: Mapping[str, Any], works: Mapping[str, Any] | None, translator: Translator) -> str:
    params = {"owner": works and works["owner"], "until": advice["until"] and _day(advice["until"])}
    return verdicts.name(advice["verdict"], params, translator)


def _verdict_before(data: Mapping[str, Any], translator: Translator) -> str | None:
    """The verdict before this one, where it was another; whose works it was about is not known any more."""
    before = data["previous"]
    if before["verdict"] is None or (before["verdict"], before["until"]) == (data["verdict"], data["until"]):
        return None
    if before["verdict"] == "wait" and before["until"]:
        return _verdict(before, None, translator)
    if before["verdict"] == data["verdict"]:
        return None
    return translator.text(f"day_list.verdict.{before['verdict']}")


def _figures(data: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of an alert about a source; a moment is shown by its day."""
    names = ("source", "vanished", "open")
    read_at = data.get("last_success_at")
    return {**{name: data.get(name) for name in names}, "read_on": read_at and _day(read_at[:10])}


def _day(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)
