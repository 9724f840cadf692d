"""Golden scenario 10: a repair is scheduled and works are registered by two clients at the same instant."""

from __future__ import annotations

import threading

import pytest

from tests.api.scenario import Street


@pytest.mark.parametrize("batch", range(4))
def test_10_planning_and_works_at_the_same_instant_never_miss_each_other(street: Street, batch: int) -> None:
    for place in range(50):
        here = Street(street.service, street.x + 20_000 + 60 * place + 3_000 * batch)
        repair = here.repair(along=(5, 15))
        barrier = threading.Barrier(2)
        answers: dict[str, int] = {}

        def plan(
            here: Street = here,
            repair: dict[str, object] = repair,
            barrier: threading.Barrier = barrier,
            answers: dict[str, int] = answers,
        ) -> None:
            barrier.wait()
            answers["plan"] = here.schedule(repair, (3, 4)).status_code

        def register(here: Street = here, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            here.works((10, 20), along=(0, 20))

        threads = [threading.Thread(target=plan), threading.Thread(target=register)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert answers["plan"] in (200, 409)
        [conflict] = here.conflicts(repair=repair["id"], rule="wasted_repair")
        assert conflict["status"] == "open"
