"""An alert as a CloudEvents 1.0 body."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

Row = Mapping[str, Any] | sa.RowMapping

MAX_BODY_BYTES = 20_000  # Standard Webhooks: payloads stay below 20 kB
TEST = "subscription.test"
"""The type of an event that only says that a webhook works; it is in no feed."""


def encode(alert: Row, base_url: str) -> bytes:
    """The CloudEvents 1.0 body of an alert. Data beyond the size limit are omitted; the feed holds them."""
    about = {kind: str(alert[f"{kind}_id"]) for kind in ("conflict", "repair") if alert[f"{kind}_id"]}
    envelope = {
        "specversion": "1.0",
        "id": str(alert["id"]),
        "type": alert["type"],
        "source": f"{base_url}/api/v1/alerts",
        "time": alert["at"].astimezone(dt.UTC).isoformat(),
        "sequence": str(alert["seq"]),
        **({} if alert["epoch"] is None else {"epoch": str(alert["epoch"])}),
        "datacontenttype": "application/json",
    }
    if about:
        kind, id_ = next(iter(about.items()))
        envelope["subject"] = f"{kind}s/{id_}"
    always = {**{f"{kind}_id": id_ for kind, id_ in about.items()}, "departments": alert["departments"]}
    body = _json({**envelope, "data": {**alert["data"], **always}})
    return body if len(body) < MAX_BODY_BYTES else _json({**envelope, "data": {**always, "shortened": True}})


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
