"""The Dockerfile and docker-compose.yml keep in step with the settings and with what a host expects."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from geo_service.settings import PREFIX, Settings
from tests.ops.test_cli import Shell

PROJECT = Path(__file__).parents[2]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
COMPOSE_TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
LONG_LIVED = sorted(SERVICES.keys() - {"secret", "migrate"})
OF_COMPOSE = {"PORT", "GRAFANA_PORT", "MAIL_PORT", "DOMAIN", "COMPOSE_PROFILES", "GEO_BACKUP_RECIPIENT", "GEO_BACKUP_DAYS"}  # fmt: skip
"""What Docker Compose and the backup read, and no setting of the service."""
INSIDE = {"GEO_HOST", "GEO_PORT", "GEO_HOME"}
"""Settings that are fixed inside a container."""


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.split(maxsplit=1)[1] for line in joined.splitlines() if line.startswith(f"{name} ")]


def test_the_image_runs_as_an_ordinary_user() -> None:
    assert instructions("USER")[-1] not in ("root", "0")


def test_the_image_says_whether_it_is_ready() -> None:
    assert "/health/ready" in instructions("HEALTHCHECK")[-1]


def test_the_image_has_the_exact_packages_of_the_lock() -> None:
    syncs = [line for line in instructions("RUN") if "uv sync" in line]
    assert syncs and all("--frozen" in line and "--no-dev" in line for line in syncs)


def test_the_image_has_our_own_code_compiled() -> None:
    """A read-only file system would compile it anew at each start."""
    assert "--no-editable" in [line for line in instructions("RUN") if "uv sync" in line][-1]
    assert "UV_COMPILE_BYTECODE=1" in instructions("ENV")[0]


def test_everything_the_image_copies_is_let_through() -> None:
    let_through = {
        line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    copied = {
        word for line in instructions("COPY") if not line.startswith("--from") for word in line.split()[:-1]
    }
    assert copied == let_through


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE_TEXT], ids=["Dockerfile", "docker-compose.yml"])
def test_every_setting_it_names_exists(text: str) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(re.findall(r"\bGEO_[A-Z_]+\b", text)) <= known | OF_COMPOSE


def test_secrets_have_the_file_names_that_the_settings_read() -> None:
    known = {f"{PREFIX}{name}".lower() for name in Settings.model_fields}
    assert set(re.findall(r"/run/secrets/(\w+)", COMPOSE_TEXT)) <= known


def test_no_password_is_written_down() -> None:
    assert not re.search(r"PASSWORD: (?!\$\{\w+:-\})", COMPOSE_TEXT)
    assert not re.search(r"//\w+:[^@/$]+@", COMPOSE_TEXT)


@pytest.mark.parametrize("name", LONG_LIVED)
def test_every_long_lived_service_comes_back_and_is_watched(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    watched = "healthcheck" in SERVICES[name] or SERVICES[name]["image"] == "geo-service"
    assert watched or SERVICES[name]["image"].partition(":")[0] in WITH_THEIR_OWN_HEALTH


def test_a_service_is_healthy_as_soon_as_it_is() -> None:
    """A first check that fails costs no whole interval."""
    checks = {
        name: service["healthcheck"]
        for name, service in SERVICES.items()
        if "interval" in service.get("healthcheck", ())
    }
    assert "worker" in checks and "--start-interval" in instructions("HEALTHCHECK")[0]
    assert all(check["interval"] == "5s" or "start_interval" in check for check in checks.values())


def test_the_worker_is_healthy_by_its_signs_of_life(fresh_database: str, tmp_path: Path) -> None:
    check = SERVICES["worker"]["healthcheck"]["test"]
    assert check[:2] == ["CMD", "geo-service"]
    shell, engine = Shell(fresh_database, tmp_path), sa.create_engine(fresh_database)
    (line,) = shell.run(*check[2:], code=3).stderr.splitlines()
    assert line == "geo-service: geen enkele worker gaf in de laatste minuut een teken van leven"
    with engine.begin() as conn:
        conn.execute(sa.text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    assert shell.run(*check[2:]).stdout == ""
    engine.dispose()


WITH_THEIR_OWN_HEALTH = {"caddy", "prom/prometheus", "grafana/grafana", "axllent/mailpit"}


def test_what_a_small_town_does_not_need_is_in_a_profile() -> None:
    profiles = {name: service["profiles"][0] for name, service in SERVICES.items() if "profiles" in service}
    assert profiles == {
        "caddy": "tls", "postgis-replica": "replica", "prometheus": "metrics", "grafana": "metrics", "mail": "mail",
    }  # fmt: skip
    assert all(
        set(service.get("depends_on", ())) <= SERVICES.keys() - profiles.keys()
        for name, service in SERVICES.items()
        if name not in profiles
    )


def test_images_of_others_have_a_version() -> None:
    assert all(
        ":" in service["image"] for service in SERVICES.values() if "geo-service" not in service["image"]
    )


def test_nothing_starts_before_the_schema_is_there() -> None:
    for name in ("api", "worker", "backup"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgis"] == {"condition": "service_healthy"}
    # with a database elsewhere too: the key for personal data is made first
    assert SERVICES["migrate"]["depends_on"]["secret"] == {"condition": "service_completed_successfully"}


def test_only_caddy_is_reachable_from_outside() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published.pop("caddy") == ["80:80", "443:443", "443:443/udp"]
    assert published.keys() == {"api", "grafana", "mail"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_compose_can_write_the_configs_into_their_containers() -> None:
    """Else Docker refuses: container rootfs is marked read-only."""
    assert not [
        name for name, service in SERVICES.items() if "configs" in service and service.get("read_only")
    ]


def test_caddy_keeps_figures_and_health_inside_and_passes_events_on() -> None:
    text = COMPOSE["configs"]["caddyfile"]["content"]
    assert re.search(r"@inside path /metrics /health/\*\s+respond @inside 404", text)
    assert "flush_interval -1" in text and "max_size 1100MB" in text  # GEO_MAX_IMPORT_BYTES and its form


def test_a_replica_may_copy_the_database_and_nobody_comes_in_without_a_password() -> None:
    lines = [line.split() for line in COMPOSE["configs"]["pg_hba"]["content"].splitlines()]
    assert ["host", "replication", "geo", "all", "scram-sha-256"] in lines
    assert all(line[-1] == "scram-sha-256" for line in lines if line[0] != "local")
    for name in ("postgis", "postgis-replica"):
        assert SERVICES[name]["configs"] == [{"source": "pg_hba", "target": "/etc/geo-service/pg_hba.conf"}]
        assert "hba_file=/etc/geo-service/pg_hba.conf" in " ".join(SERVICES[name]["command"])


def test_figures_go_from_the_api_to_prometheus_and_from_there_to_grafana() -> None:
    content = {
        name: yaml.safe_load(COMPOSE["configs"][name]["content"])
        for name in ("prometheus", "grafana-source", "grafana-dashboards")
    }
    monitoring = PROJECT / "docs" / "monitoring"
    [scrape] = content["prometheus"]["scrape_configs"]
    assert f'up{{job="{scrape["job_name"]}"}}' in (monitoring / "alerts.yml").read_text(encoding="utf-8")
    port = SERVICES["api"]["environment"]["GEO_PORT"]
    assert scrape["static_configs"] == [
        {"targets": [f"127.0.0.1:{port}"]}
    ]  # no key is asked on the same machine
    assert SERVICES["prometheus"]["network_mode"] == "service:api"
    [source] = content["grafana-source"]["datasources"]
    assert source["url"] == "http://api:9090"
    dashboard = (monitoring / "grafana.json").read_text(encoding="utf-8")
    assert set(re.findall(r'"uid": "(\w+)",?\s*}', dashboard)) == {source["uid"]}
    [provider] = content["grafana-dashboards"]["providers"]
    rules, shown = (SERVICES[name]["volumes"][0].split(":") for name in ("prometheus", "grafana"))
    folder = Path(SERVICES["prometheus"]["configs"][0]["target"]).parent
    assert [str(folder / file) for file in content["prometheus"]["rule_files"]] == [rules[1]]
    assert str(Path(shown[1]).parent) == provider["options"]["path"]
    assert all((PROJECT / mounted[0]).exists() for mounted in (rules, shown))


def test_what_the_manual_writes_into_the_env_file_names_services_that_are_there() -> None:
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    [replica] = re.findall(r"`GEO_READ_DATABASE_URL=postgresql://geo@([\w-]+)/geo_service`", page)
    [mailbox] = re.findall(r"`GEO_SMTP_HOST=([\w-]+)`", page)
    assert (SERVICES[replica]["profiles"], SERVICES[mailbox]["profiles"]) == (["replica"], ["mail"])


def test_scripts_inside_the_file_are_shell() -> None:
    scripts = {
        name: service["command"][0]
        for name, service in SERVICES.items()
        if service.get("entrypoint", [""])[0] == "sh"
    }
    assert scripts.keys() == {"secret", "backup", "postgis-replica"}
    for text in scripts.values():
        subprocess.run(["sh", "-n"], input=text.replace("$$", "$"), text=True, check=True)


@pytest.mark.parametrize("works", [True, False])
def test_old_backups_go_only_when_there_is_a_new_one(tmp_path: Path, works: bool) -> None:
    old = tmp_path / "geo-2026-01-01.backup"
    old.touch()
    os.utime(old, (0, 0))
    for name, text in (("geo-service", 'touch "$3"' if works else "exit 1"), ("sleep", "kill $PPID")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    script = SERVICES["backup"]["command"][0].replace("$$", "$").replace("/backups", str(tmp_path))
    subprocess.run(["sh", "-uc", script], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, timeout=20)
    assert old.exists() != works and len(list(tmp_path.glob("geo-*.backup"))) == 1


def test_data_is_kept_in_named_volumes() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    files = {name for name in used if name.startswith("./")}
    assert used - files == COMPOSE["volumes"].keys()
    assert all((PROJECT / name).is_file() for name in files)


OURS = ("migrate", "api", "worker", "backup")


@pytest.mark.parametrize("name", OURS)
def test_every_setting_of_the_env_file_reaches_every_service(name: str) -> None:
    assert SERVICES[name]["env_file"] == [{"path": ".env", "required": False}]
    # what stands in `environment` wins over the file, so each of those must come from the file as well
    for variable, value in SERVICES[name]["environment"].items():
        assert value.startswith(f"${{{variable}:-") or variable in INSIDE


def test_another_port_moves_the_address_in_links() -> None:
    assert SERVICES["api"]["environment"]["GEO_BASE_URL"].endswith("http://127.0.0.1:${PORT:-8000}}")
    assert SERVICES["api"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]


@pytest.mark.parametrize("name", OURS)
def test_a_service_writes_to_its_volume_and_memory_only(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["tmpfs"] == ["/tmp"]
    [folder] = re.findall(r"TMPDIR=(\S+)", DOCKERFILE)
    [cache] = re.findall(r"XDG_CACHE_HOME=(\S+)", DOCKERFILE)
    homes = [volume.split(":")[1] for volume in SERVICES[name]["volumes"] if volume.startswith("home:")]
    assert folder.startswith(f"{homes[0]}/") and cache.startswith(f"{homes[0]}/")
    assert folder in instructions("RUN")[-1]


def test_the_image_is_built_once() -> None:
    assert [name for name in OURS if "build" in SERVICES[name]] == ["migrate"]
    assert {SERVICES[name]["image"] for name in OURS} == {"geo-service"}


def test_images_of_postgresql_have_a_volume_for_their_data() -> None:
    """Else they leave an anonymous one behind at each start."""
    databases = [service for service in SERVICES.values() if "postg" in service["image"]]
    assert len(databases) == 2
    assert all(any(":/var/lib/postgresql/data" in one for one in service["volumes"]) for service in databases)


ENGINE = PROJECT / "scripts" / "images" / "engine.sh"


def test_the_engine_of_the_tests_makes_the_images_that_ours_are_built_on() -> None:
    inline = SERVICES["postgis"]["build"]["dockerfile_inline"]
    bases = {line.split()[0] for line in instructions("FROM")} | set(
        re.findall(r"^FROM (\S+)", inline, re.MULTILINE)
    )
    [line] = re.findall(r"^readonly bases=\((.*)\)$", ENGINE.read_text(), re.MULTILINE)
    made = dict(base.split("=") for base in line.split())
    assert set(made.values()) == bases | {SERVICES["secret"]["image"], SERVICES["caddy"]["image"]}
    assert made.keys() == set(
        re.findall(r" AS (\w+)$", (ENGINE.parent / "bases.Dockerfile").read_text(), re.MULTILINE)
    )


def test_the_engine_of_the_tests_says_in_one_sentence_why_it_cannot_run() -> None:
    command = ["setpriv", "--reuid=65534", "bash", ENGINE, "true"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr == "images-test: needs root, or a Docker engine that answers\n"
