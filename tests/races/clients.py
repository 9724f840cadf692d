"""Clients of a running service that write down every answer: what was answered must be there, whatever is killed next."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import sqlalchemy as sa

from tests.serving import TODAY, box

PATIENCE_S = 0.05
SPOTS = 6
GROUND_M = 400  # all of it lies within this distance of the test street's beginning


@dataclass
class Known:
    """The last state of one repair or works that the service confirmed, and how many later writes were never answered."""

    path: str
    version: int
    etag: str
    description: str
    status: str
    unanswered: int = 0


class Client(threading.Thread):
    """Registers and changes works, reports and schedules repairs, one after the other, until told to stop."""

    def __init__(self, url: str, key: str, number: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.url, self.key, self.number = url, key, number
        self.chance = random.Random(seed + number)
        self.known: list[Known] = []
        self.answers: Counter[str] = Counter()
        self.stopping = threading.Event()
        self._words = 0

    def run(self) -> None:
        headers = {"Authorization": f"Bearer {self.key}", "Accept-Language": "nl"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=60, verify=False) as http:
            while not self.stopping.is_set():
                doing = self.chance.choice((self._register, self._report, self._change, self._schedule))
                try:
                    doing(http)
                except httpx.TransportError as lost:
                    self.answers[type(lost).__name__] += 1
                    time.sleep(PATIENCE_S)

    def _register(self, http: httpx.Client) -> None:
        starts = self.chance.randrange(0, 60)
        phase = {"geometry": self._ground(20), **_days(starts, starts + 10)}
        works = {
            "owner": self.chance.choice(("Proximus", "Fluvius")),
            "title": "Storm",
            "kind": "groundworks",
        }
        self._create(http, "works", {**works, "certainty": "confirmed", "phases": [phase]})

    def _report(self, http: httpx.Client) -> None:
        self._create(
            http, "repairs", {"category": "pothole", "scope": "section", "geometry": self._ground(2)}
        )

    def _create(self, http: httpx.Client, what: str, body: dict[str, Any]) -> None:
        answer = self._heard(http.post(f"/api/v1/{what}", json={**body, "description": self._word()}))
        if answer.is_success:
            found = answer.json()
            path = f"/api/v1/{what}/{found['id']}"
            self.known.append(_known(path, answer))

    def _change(self, http: httpx.Client) -> None:
        if self.known:
            one = self.chance.choice(self.known)
            headers = {"If-Match": one.etag}
            self._write(http, one, "PATCH", one.path, {"description": self._word()}, headers)

    def _schedule(self, http: httpx.Client) -> None:
        if repairs := [one for one in self.known if "/repairs/" in one.path]:
            one, starts = self.chance.choice(repairs), self.chance.randrange(0, 60)
            self._write(http, one, "POST", f"{one.path}/schedule", _days(starts, starts + 2), {})

    def _write(
        self,
        http: httpx.Client,
        one: Known,
        method: str,
        path: str,
        body: dict[str, Any],
        headers: dict[str, str],
    ) -> None:
        one.unanswered += 1
        answer = self._heard(http.request(method, path, json=body, headers=headers))
        one.unanswered -= answer.status_code < 500  # refused, or confirmed: in both cases we know
        if answer.is_success:
            one.unanswered = 0  # this answer comes after whatever became of the earlier ones
            confirmed = _known(one.path, answer)
            one.version, one.etag, one.description, one.status = (
                confirmed.version, confirmed.etag, confirmed.description, confirmed.status,
            )  # fmt: skip
        elif answer.status_code == 412:  # an earlier write that was never answered has happened after all
            one.etag = http.get(one.path).headers.get("ETag", one.etag)

    def _heard(self, answer: httpx.Response) -> httpx.Response:
        self.answers[str(answer.status_code)] += 1
        if answer.status_code == 503:
            time.sleep(PATIENCE_S)
        return answer

    def _ground(self, length_m: float) -> dict[str, Any]:
        x = self.chance.randrange(SPOTS) * 60 + self.chance.randrange(0, 20, 4)
        return box(x, 0, x + length_m, 2)

    def _word(self) -> str:
        self._words += 1
        return f"writer {self.number} write {self._words}"


def _known(path: str, answer: httpx.Response) -> Known:
    found = answer.json()
    return Known(
        path, found["version"], answer.headers["ETag"], found["description"], found.get("status", "")
    )


def _days(starts: int, ends: int) -> dict[str, str]:
    return {"starts_on": str(TODAY + timedelta(days=starts)), "ends_on": str(TODAY + timedelta(days=ends))}


@contextmanager
def writing(url: str, key: str, clients: int, seed: int) -> Iterator[list[Client]]:
    """Clients that write until the block ends."""
    many = [Client(url, key, number, seed) for number in range(clients)]
    for one in many:
        one.start()
    try:
        yield many
    finally:
        for one in many:
            one.stopping.set()
        for one in many:
            one.join(60)
    assert not any(one.is_alive() for one in many)


def confirmed(clients: list[Client]) -> int:
    """Writes that were answered with success so far."""
    return sum(client.answers["200"] + client.answers["201"] for client in clients)


def lost(conn: sa.Connection, clients: list[Client]) -> Iterator[str]:
    """What was confirmed and is not there, or is there in another state than the last one confirmed or asked for since."""
    stored = {
        f"/api/v1/{table}/{row.id}": row
        for table in ("works", "repairs")
        for row in conn.execute(
            sa.text(f"SELECT id, version, description FROM {table} WHERE deleted_at IS NULL")
        )
    }
    for one in (known for client in clients for known in client.known):
        row = stored.get(one.path)
        if row is None:
            yield f"{one.path} was confirmed and is gone"
        elif not one.version <= row.version <= one.version + one.unanswered:
            yield f"{one.path} is at version {row.version}; {one.version} was confirmed, {one.unanswered} more sent"
        elif row.version == one.version and row.description != one.description:
            yield f"{one.path} says {row.description!r}; {one.description!r} was confirmed"
