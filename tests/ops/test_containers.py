"""The Dockerfile and docker-compose.yml keep in step with the settings and with what a host expects."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from geo_service.settings import PREFIX, Settings

PROJECT = Path(__file__).parents[2]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
COMPOSE_TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
LONG_LIVED = ("postgis", "api", "worker")


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
    assert set(re.findall(r"\bGEO_[A-Z_]+\b", text)) <= known


def test_secrets_have_the_file_names_that_the_settings_read() -> None:
    known = {f"{PREFIX}{name}".lower() for name in Settings.model_fields}
    assert set(re.findall(r"/run/secrets/(\w+)", COMPOSE_TEXT)) <= known


def test_no_password_is_written_down() -> None:
    assert not re.search(r"PASSWORD: (?!\$\{\w+:-\})", COMPOSE_TEXT)
    assert not re.search(r"//\w+:[^@/$]+@", COMPOSE_TEXT)


@pytest.mark.parametrize("name", LONG_LIVED)
def test_every_long_lived_service_comes_back_and_is_watched(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert "healthcheck" in SERVICES[name] or SERVICES[name]["image"] == "geo-service"


def test_nothing_starts_before_the_schema_is_there() -> None:
    for name in ("api", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgis"] == {"condition": "service_healthy"}


def test_only_the_api_is_reachable_and_only_from_its_own_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published.keys() == {"api"}
    assert all(port.startswith("127.0.0.1:") for port in published["api"])


def test_data_is_kept_in_named_volumes() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == COMPOSE["volumes"].keys()


OURS = ("migrate", "api", "worker")


@pytest.mark.parametrize("name", OURS)
def test_every_setting_of_the_env_file_reaches_every_service(name: str) -> None:
    assert SERVICES[name]["env_file"] == [{"path": ".env", "required": False}]
    # what stands in `environment` wins over the file, so each of those must come from the file as well
    for variable, value in SERVICES[name]["environment"].items():
        assert value.startswith(f"${{{variable}:-")


def test_the_example_names_settings_that_exist_and_takes_effect_as_it_is() -> None:
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", "\n".join(lines), re.MULTILINE))
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert pairs.keys() - known == {"PORT"}


def test_another_port_moves_the_address_in_links() -> None:
    assert SERVICES["api"]["environment"]["GEO_BASE_URL"].endswith("http://127.0.0.1:${PORT:-8000}}")
    assert SERVICES["api"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]


@pytest.mark.parametrize("name", OURS)
def test_a_service_writes_to_its_volume_and_memory_only(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["tmpfs"] == ["/tmp"]
    [folder] = re.findall(r"TMPDIR=(\S+)", DOCKERFILE)
    homes = [volume.split(":")[1] for volume in SERVICES[name]["volumes"] if volume.startswith("home:")]
    assert folder.startswith(f"{homes[0]}/")
    assert folder in instructions("RUN")[-1]


def test_the_image_is_built_once() -> None:
    assert [name for name in OURS if "build" in SERVICES[name]] == ["migrate"]
    assert {SERVICES[name]["image"] for name in OURS} == {"geo-service"}


def test_images_of_postgresql_have_a_volume_for_their_data() -> None:
    """Else they leave an anonymous one behind at each start."""
    databases = [service for service in SERVICES.values() if "postg" in service["image"]]
    assert databases
    assert all(any(":/var/lib/postgresql/data" in one for one in service["volumes"]) for service in databases)
