"""`/metrics`: what Prometheus reads, for the machine itself and for who may read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from tests.api.scenario import Street
from tests.serving import Service

JOBS_AND_IMPORTS = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at) VALUES"
    " ('slow', 'deliver', '{}', 'todo', now() - interval '90 s'), ('slow', 'deliver', '{}', 'todo', now() + interval '1 h'),"
    " ('slow', 'deliver', '{}', 'failed', NULL)",
    "INSERT INTO imports (source, status, started_at, finished_at) VALUES"
    " ('measured', 'done', now(), now() - interval '2 h'), ('measured', 'failed', now(), now())",
)


def figures(service: Service, **headers: str) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    with service.as_(None, **headers) as client:
        answer = client.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_request_counts_under_its_route_and_not_its_address(service: Service) -> None:
    before = figures(service)
    with service.as_("viewer") as client:
        for number in range(3):
            assert client.get(f"/api/v1/works/00000000-0000-0000-0000-00000000000{number}").status_code == 404
        assert client.get("/api/v1/repairs").status_code == 200
        assert client.head("/api/v1/repairs").status_code == 200
        for number in range(5):
            client.get(f"/made/up/{number}")
    after = figures(service)
    one = ("geo_service_http_requests_total", "GET", "/api/v1/works/{works_id}", "404")
    assert after[one] - before.get(one, 0) == 3
    assert after["geo_service_http_seconds_count", "GET", "/api/v1/repairs"] >= 1
    assert after["geo_service_http_seconds_count", "HEAD", "/api/v1/repairs"] >= 1
    made_up = ("geo_service_http_requests_total", "", "other", "404")
    assert after[made_up] - before.get(made_up, 0) == 5
    assert not any("made" in label for sample in after for label in sample)
    assert after["geo_service_http_open",] == 1, "the scrape itself"


def test_conflicts_jobs_and_the_age_of_feeds_are_those_of_the_database(
    service: Service, street: Street
) -> None:
    street.works((10, 20))
    street.repair()
    with service.engine.begin() as conn:
        for statement in JOBS_AND_IMPORTS:
            conn.execute(sa.text(statement))
        statuses = conn.execute(sa.text("SELECT status, count(*) FROM conflicts WHERE NOT shadow GROUP BY 1"))
        stored = dict(statuses.all())  # type: ignore[arg-type]
        newest = conn.scalar(sa.text("SELECT max(seq) FROM alerts"))
    measured = figures(service)
    assert measured["geo_service_worker_up",] == 0
    assert (
        stored
        and {
            label[0]: value
            for (name, *label), value in measured.items()
            if name == "geo_service_conflicts" and label[0] != "shadow"
        }
        == stored
    )
    assert measured["geo_service_feed_position",] == newest
    assert measured["geo_service_queue_jobs", "slow"] == 1
    assert measured["geo_service_queue_failed_jobs", "slow"] == 1
    assert 90 <= measured["geo_service_queue_age_seconds", "slow"] < 150
    assert 7200 <= measured["geo_service_feed_age_seconds", "measured"] < 7300
    assert measured["geo_service_database_up",] == 1
    with service.engine.begin() as conn:
        conn.execute(sa.text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    assert figures(service)["geo_service_worker_up",] == 1
    pools = {label[0] for name, *label in measured if name == "geo_service_connections"}
    assert pools == {"write", "read", "file", "door", "stream", "session"}


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For"])
def test_a_proxy_gives_nobody_the_figures_without_a_key(service: Service, header: str) -> None:
    outside = {header: "for=203.0.113.7" if header == "Forwarded" else "203.0.113.7"}
    with service.as_(None) as stranger:
        assert stranger.get("/metrics", headers=outside).status_code == 401
    with service.as_("partner") as partner:
        assert partner.get("/metrics", headers=outside).status_code == 401
    with service.as_("viewer") as viewer:
        assert viewer.get("/metrics", headers=outside).status_code == 200


@pytest.mark.parametrize("file", ["alerts.yml", "grafana.json"])
def test_alert_rules_and_dashboard_name_figures_that_are_there(service: Service, file: str) -> None:
    rules = (Path(__file__).parents[2] / "docs" / "monitoring" / file).read_text(encoding="utf-8")
    with service.as_(None) as client:
        text = client.get("/metrics").text
    named = set(re.findall(r"\b(geo_service_\w+)", rules))
    assert (
        len(named) >= 6
        and {name for name in named if not re.search(rf"^# TYPE {name.removesuffix('_bucket')} ", text, re.M)}
        == set()
    )


def test_a_panel_of_the_dashboard_asks_what_its_figure_has(service: Service) -> None:
    """Each label in a query is one that the figure carries: a panel with another one stays empty."""
    panels = json.loads(
        (Path(__file__).parents[2] / "docs" / "monitoring" / "grafana.json").read_text(encoding="utf-8")
    )["panels"]
    with service.as_("viewer") as client:
        client.get("/api/v1/repairs")
        text = client.get("/metrics").text
    labels: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    for query in (target["expr"] for panel in panels for target in panel["targets"]):
        [name] = set(re.findall(r"\b(geo_service_\w+)", query))
        asked_for = set(re.findall(r"(\w+)(?:!=|!~|=~|=)\"", query)) | {
            label for group in re.findall(r"by \(([^)]*)\)", query) for label in group.split(", ")
        }
        assert asked_for <= labels.get(name, asked_for), query


def test_memory_and_cpu_of_the_process_are_there(service: Service) -> None:
    measured = figures(service)
    assert measured["process_resident_memory_bytes",] > 2**24
    assert measured["process_cpu_seconds_total",] > 0
