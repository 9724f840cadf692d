"""The sum of several alerts about one thing: dates that move to and fro thrice an hour make one piece of news, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Alert = Mapping[str, Any]
"""`type`, `data`, `conflict_id`, `repair_id`, as the feed holds them."""

COMES = ("conflict.opened", "conflict.reopened")
GOES = ("conflict.withdrawn", "conflict.expired")
FACTS = (*COMES, "conflict.changed", *GOES)
HOLDS = ("repair.held", "repair.hold_moved", "repair.released", "advice.changed")


def sum_up(alerts: Iterable[Alert]) -> list[Alert]:
    """The news that is left of `alerts`, in the order of their last one. What came and went in between is no news."""
    stories: dict[object, list[Alert]] = {}
    for index, alert in enumerate(alerts):
        stories.setdefault(_story(alert, index), []).append(alert)
    news = [one for story in stories.values() if (one := _sum(story)) is not None]
    return sorted(news, key=lambda one: one["seq"])


def by_case(news: Iterable[Alert]) -> list[list[Alert]]:
    """Return the news of each case together; what belongs to no case goes by its repair, or stands alone. Rows of `mail_content.sql`."""
    cases: dict[object, list[Alert]] = {}
    for alert in news:
        cases.setdefault(alert["case_id"] or alert["repair_id"] or alert["seq"], []).append(alert)
    return list(cases.values())


def _story(alert: Alert, index: int) -> object:
    """What an alert continues: the facts of a conflict, its status, the hold of a repair; words of people and of sources stand alone."""
    kind = alert["type"]
    if kind in FACTS:
        return "facts", alert["conflict_id"]
    if kind in ("conflict.status_changed", "conflict.assigned"):
        return kind, alert["conflict_id"]
    if kind in HOLDS:
        return "hold", alert["repair_id"]
    return index


def _sum(story: Sequence[Alert]) -> Alert | None:
    first, last = story[0], story[-1]
    if len(story) == 1:
        return last
    if first["type"] in FACTS:
        return _sum_of_facts(story)
    if first["type"] in HOLDS:
        return _sum_of_holds(story)
    if first["type"] == "conflict.status_changed":
        status = [first["data"]["changes"]["status"][0], last["data"]["changes"]["status"][1]]
        return None if status[0] == status[1] else _with_changes(last, {"status": status})
    return last


def _sum_of_facts(story: Sequence[Alert]) -> Alert | None:
    first, last = story[0], story[-1]
    was_there, is_there = first["type"] not in COMES, last["type"] not in GOES
    if not is_there:
        return last if was_there else None
    if not was_there:
        return {**last, "type": first["type"]}
    changes = _sum_of_changes(alert["data"].get("changes", {}) for alert in story)
    return _with_changes({**last, "type": "conflict.changed"}, changes) if changes else None


def _sum_of_changes(steps: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The first value before and the last one after, of what is another one in the end."""
    summed: dict[str, list[Any]] = {}
    for changes in steps:
        for name, pair in changes.items():
            if isinstance(pair, list) and len(pair) == 2:
                summed[name] = [summed.get(name, pair)[0], pair[1]]
    return {name: pair for name, pair in summed.items() if pair[0] != pair[1]}


def _sum_of_holds(story: Sequence[Alert]) -> Alert | None:
    """An advice that changed tells nothing of the hold: the other alerts say whether the repair was held before, and is now."""
    last = story[-1]
    before = story[0]["data"].get("previous", {})
    if before == {name: last["data"].get(name) for name in ("verdict", "until")}:
        return None
    holds = [one["type"] for one in story if one["type"] != "advice.changed"]
    kinds = {
        (True, True): "repair.hold_moved",
        (True, False): "repair.released",
        (False, True): "repair.held",
        (False, False): "advice.changed",
    }
    held = (holds[0] != "repair.held", holds[-1] != "repair.released") if holds else (False, False)
    return {**last, "type": kinds[held], "data": {**last["data"], "previous": before}}


def _with_changes(alert: Alert, changes: Mapping[str, Any]) -> Alert:
    return {**alert, "data": {**alert["data"], "changes": changes}}
