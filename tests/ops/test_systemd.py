"""The units of systemd and the archive for a host without Docker."""

from __future__ import annotations

import configparser
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from typer.main import get_command

from geo_service.cli import app as command_line
from geo_service.settings import PREFIX, Settings
from tests.conftest import PROJECT, unavailable

FOLDER = PROJECT / "scripts" / "systemd"
UNITS = sorted(path.name for path in FOLDER.glob("*.service"))
LONG_LIVED = ("geo-service.service", "geo-service-worker.service")


class _Unit(configparser.ConfigParser):
    """A unit; directives that stand twice are joined."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, interpolation=None)
        self.optionxform = str  # type: ignore[method-assign,assignment]
        text = (FOLDER / name).read_text(encoding="utf-8")
        self.read_string(text.replace("SystemCallFilter=~", "SystemCallFilterNot=~"))


def hardening(name: str) -> dict[str, str]:
    own = (
        "ExecStart", "ExecStartPost", "ReadWritePaths", "Type", "Restart", "RestartSec", "RestartPreventExitStatus", "TimeoutStopSec",
    )  # fmt: skip
    return {key: value for key, value in _Unit(name)["Service"].items() if key not in own}


def test_all_units_are_hardened_alike() -> None:
    assert len(UNITS) == 3
    assert [hardening(name) for name in UNITS] == [hardening(UNITS[0])] * 3
    assert {"NoNewPrivileges", "ProtectSystem", "PrivateTmp", "CapabilityBoundingSet"} <= hardening(
        UNITS[0]
    ).keys()


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_starts_a_command_that_exists(name: str) -> None:
    (words,) = re.findall(r"bin/geo-service ((?:[a-z]+ ?)+)", _Unit(name)["Service"]["ExecStart"])
    command = get_command(command_line)
    for word in words.split():
        command = command.commands[word]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", LONG_LIVED)
def test_what_is_long_lived_comes_back(name: str) -> None:
    assert _Unit(name)["Service"]["Restart"] == "on-failure"
    assert _Unit(name)["Install"]["WantedBy"] == "multi-user.target"


def test_every_setting_the_installer_names_exists() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.iterdir())
    named = set(re.findall(r"\bGEO_[A-Z_]+\b", text)) - {"GEO_SERVICE_PROGRAM", "GEO_BACKUP_RECIPIENT"}
    assert named and named <= {PREFIX + name.upper() for name in Settings.model_fields}


def test_systemd_accepts_the_units_and_finds_them_safe(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        unavailable("systemd-analyze")
    program = shutil.which("true")
    for unit in FOLDER.glob("*.[st]*"):
        text = unit.read_text(encoding="utf-8").replace(
            "/opt/geo-service/current/bin/geo-service", str(program)
        )
        (tmp_path / unit.name).write_text(text)
    units = [str(tmp_path / name) for name in (*UNITS, "geo-service-backup.timer")]
    verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    complaints = [line for line in verified.stderr.splitlines() if "geo-service" in line]
    assert complaints == []
    for name in UNITS:
        asked = [
            "systemd-analyze",
            "security",
            "--offline=yes",
            "--threshold=25",
            "--no-pager",
            str(tmp_path / name),
        ]
        rated = subprocess.run(asked, capture_output=True, text=True)
        assert rated.returncode == 0, rated.stdout[-400:]


def test_the_installer_brings_what_the_image_has_beside_python() -> None:
    installer = (FOLDER / "install.sh").read_text(encoding="utf-8")
    packages = " ".join(re.findall(r'^packages="(.*)"', installer, re.MULTILINE)).split()
    [words] = re.findall(
        r"apt-get install --yes --no-install-recommends (.*) ",
        (PROJECT / "Dockerfile").read_text(encoding="utf-8"),
    )
    assert {name.removesuffix("-17") for name in words.split()} <= set(packages)


@pytest.mark.parametrize("stops", [True, False])
def test_an_upgrade_that_fails_starts_the_worker_of_the_version_before(tmp_path: Path, stops: bool) -> None:
    """The part of the installer that migrates, with programs that note what they are asked."""
    installer = (FOLDER / "install.sh").read_text(encoding="utf-8")
    part = installer[installer.index("# two versions of the worker") : installer.index("install -m 0644")]
    for name, text in (
        ("systemctl", f'echo "$@" >> {tmp_path}/asked'),
        ("geo-service", "exit 3" if stops else "exit 0"),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    script = part.replace("/run/systemd/system", str(tmp_path)).replace("/opt/geo-service", str(tmp_path))
    begin = f"set -eu; PATH={tmp_path}:$PATH; release={tmp_path}/new; say() {{ :; }}\n"
    done = subprocess.run(["sh", "-c", begin + script], capture_output=True, text=True)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert done.returncode == (3 if stops else 0), done.stderr
    assert asked[1:] == ["stop geo-service-worker", *["start geo-service-worker"] * stops]
    assert (tmp_path / "current").is_symlink() != stops


def test_the_archive_holds_all_that_a_host_needs(tmp_path: Path) -> None:
    uv = PROJECT / ".tools" / "uv" / "bin"
    if not (uv / "uv").exists() and shutil.which("uv") is None:
        unavailable("uv")
    made = subprocess.run(
        [PROJECT / "scripts" / "dist.sh", tmp_path],
        env=os.environ | {"PATH": f"{os.environ['PATH']}:{uv}"},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        bill = json.load(archive.extractfile(f"{archive.getnames()[0]}/bom.cdx.json") or io.BytesIO())
        listed = archive.extractfile(f"{archive.getnames()[0]}/requirements.txt")
        required = set(
            re.findall(r"^([\w.-]+)==([^ ;]+)", listed.read().decode() if listed else "", re.MULTILINE)
        )
    assert {"install.sh", "geo-service", "geo-service.env", "requirements.txt", "VERSION", *UNITS} <= names
    assert {(one["name"], one.get("version", "")) for one in bill["components"]} >= required and len(
        required
    ) > 90
    wheels = {name.partition("-")[0] for name in names if name.endswith(".whl")}
    assert wheels == {"geo_service", "geo_service_client"}
