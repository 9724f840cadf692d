"""`Client.at`: what was known at a moment, from the event streams."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from geo_service_client import Client, NotAllowed
from geo_service_client.past import end_of
from shapely.geometry import shape

from tests.alerts.ldes_scenes import publish, service, short_pages
from tests.api.scenario import Street
from tests.serving import Service

__all__ = ["service", "short_pages"]  # fixtures


def test_the_client_reads_what_was_known_at_a_moment(service: Service, short_pages: None) -> None:
    """The past of a frame is the frame of the past, page by page."""
    street = Street(service, 75_000)
    made, repair = street.works((30, 44), certainty="planned"), street.repair(urgency="high")
    names = {
        "works": ["source_id", "owner", "owner_group", "kind", "category", "certainty", "starts_on", "ends_on"],
        "repairs": ["number", "owner_group", "category", "scope", "urgency", "status", "starts_on", "verdict", "held"],
        "conflicts": ["number", "rule", "severity", "status", "opportunity", "repair_id"],
    }  # fmt: skip

    def table(frame: Any, name: str) -> list[dict[str, Any]]:
        rows = frame.sort_values("id")[["id", *names[name]]].astype(object)
        return list(rows.where(rows.notna(), None).to_dict("records"))

    def day_of(moment: Any) -> dict[str, Any]:
        return {name: table(getattr(client.at(moment), name)(), name) for name in names}

    with Client(service.url, service.keys["viewer"], progress=False) as client:
        publish(service)
        now = {name: table(getattr(client, name)(), name) for name in names}
        moment = dt.datetime.now(dt.UTC)
        assert day_of(moment) == now
        assert all(now.values())
        street.slip(made, (90, 100))
        street.complete(repair, -1)
        publish(service)
        then, later = client.at(moment), client.at(dt.datetime.now(dt.UTC))
        assert day_of(moment) == now
        works_then, works_later = (one.works().set_index("id").loc[made["id"]] for one in (then, later))
        assert works_then.starts_on < works_later.starts_on
        drawn = shape(made["phases"][0]["geometry"])
        assert works_then.geometry.normalize().equals_exact(drawn.normalize(), 1e-6)
        states = [one.repairs().set_index("id").loc[repair["id"]] for one in (then, later)]
        assert [state.status for state in states] == ["requested", "done"]
        assert [bool(state.held) for state in states] == [True, False]
        assert states[1].finished_on < states[0].until
        both = [one.conflicts().set_index("id") for one in (then, later)]
        [conflict] = set(both[0].index) & {one["id"] for one in street.conflicts(repair=repair["id"])}
        assert both[0].loc[conflict].ends_on < both[1].loc[conflict].starts_on
        assert client.at("2020-01-01").works().empty and str(then.works().crs) == "EPSG:4326"
        with pytest.raises(ValueError):
            client.at("yesterday")
    with (
        Client(service.url, service.keys["partner"], progress=False) as partner,
        pytest.raises(NotAllowed),
    ):
        partner.at(moment).works()


def test_a_day_ends_at_midnight_of_the_city() -> None:
    assert end_of("2026-03-29", "Europe/Brussels").isoformat() == "2026-03-30T00:00:00+02:00"
    assert end_of("2026-03-29T12:00", "Europe/Brussels").isoformat() == "2026-03-29T12:00:00+02:00"
    assert end_of(dt.datetime(2026, 3, 29, tzinfo=dt.UTC), "Europe/Brussels").tzinfo is dt.UTC
