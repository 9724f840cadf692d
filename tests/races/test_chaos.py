"""Everything is killed at random while people write, and half of the time a receiver is down: nobody misses an alert, and nothing is lost.

Plays for `CHAOS_S` seconds: ten minutes by `make chaos`, one by `make faults`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from tests.alerts.mail_server import listening
from tests.faults.conftest import url_of
from tests.races.chaos import Chaos, FeedReader, receiving, wrong
from tests.races.clients import confirmed, lost, writing
from tests.races.machine import machine
from tests.races.truth import problems
from tests.serving import TODAY

SECONDS = float(os.environ.get("CHAOS_S", "60" if os.environ.get("FAULTS") == "all" else "0"))
WRITERS = 8
HAND_OVERS = 2
"""E-mails under way at once: each may come again, with the same Message-ID, when its worker or its database is killed at that moment."""


@pytest.mark.skipif(SECONDS == 0, reason="takes minutes: make chaos, make faults")
def test_whatever_is_killed_nobody_misses_an_alert(
    own_cluster: Cluster, tmp_path: Path, seed: int, record_property: Callable[[str, object], None]
) -> None:
    url = url_of(own_cluster)
    prepare_database(url)
    with listening() as mailbox, receiving() as receiver:
        mail = {f"GEO_{name.upper()}": str(value) for name, value in mailbox.settings().items()}
        settings = {**mail, "GEO_MAIL_BUNDLE_S": "2", "GEO_ALLOW_PRIVATE_WEBHOOKS": "true"}
        with machine(url, tmp_path, **settings) as on:
            chaos = Chaos(on, own_cluster, receiver, random.Random(seed))
            chaos.subscribe()
            chaos.start()
            chaos.wait()
            reader = FeedReader(on.url, on.key())
            reader.start()
            with writing(on.url, on.key(), WRITERS, seed) as clients:
                chaos.play(SECONDS, clients)
                chaos.wait()
            settled_s = chaos.settle()
            reader.end()
            letters = [str(one["Message-ID"]).strip("<>").partition("@")[0] for one in mailbox.mails]
            answers = sum((client.answers for client in clients), Counter[str]())
            with on.engine.connect() as conn, conn.begin() as transaction:
                missing = list(lost(conn, clients))
                faults = [*wrong(conn, receiver, reader, letters), *problems(conn, TODAY)]
                transaction.rollback()
    twice = len(letters) - len(set(letters))
    record_property("lost", len(missing))
    record_property("recovery_s", round(settled_s, 1))
    print(
        f"{SECONDS:g} s: killed {dict(chaos.kills)}; {confirmed(clients)} writes confirmed, {len(missing)} lost; answers {dict(answers)};"
        f" {len(reader.seqs)} alerts; webhooks {len(receiver.taken['/steady'])} and {len(receiver.taken['/shaky'])}, refused {receiver.refused};"
        f" {len(set(letters))} e-mails, {twice} of them twice; settled in {settled_s:.0f} s"
    )
    assert (missing, faults, answers["500"]) == ([], [], 0)
    assert twice <= HAND_OVERS * (chaos.kills["worker"] + chaos.kills["postgresql"])
