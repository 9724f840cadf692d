"""Other servers of features and tiles, each in an environment of its own in the folder of the bench: tipg and pygeoapi, from PyPI."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo_service.bench.measure import MeasurementFailed
from geo_service.postgres import free_port

PACKAGES = {
    "tipg": ("tipg==1.6.1", "uvicorn"),
    "pygeoapi": ("pygeoapi==0.21.0", "psycopg2-binary", "geoalchemy2", "gunicorn"),
}
"""What pip installs for each peer."""
START_S = 90
SCHEMA, TABLE = "bench_serve", "phases"


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that runs: where it listens, and the paths of a page of features and of a tile (None: it serves none from PostGIS)."""

    name: str
    port: int
    items: str
    tile: str | None
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str) -> bytes:
        """The content at a path. Raises MeasurementFailed."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            client.request("GET", path, headers={"Accept-Encoding": "identity", **self.headers})
            answer = client.getresponse()
            content = answer.read()
        finally:
            client.close()
        if answer.status not in (200, 204):
            raise MeasurementFailed(f"{self.name}: {path}: {answer.status} {content[:300]!r}")
        return content


def installed(name: str, home: Path) -> Path:
    """The folder with the programs of a peer; made at first use. Raises MeasurementFailed when it cannot be had."""
    folder = home / f"peer-{name}"
    if not (folder / "done").is_file():
        pip = str(folder / "bin" / "pip")
        for command in (
            (sys.executable, "-m", "venv", "--clear", str(folder)),
            (pip, "install", "--quiet", *PACKAGES[name]),
        ):
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            if ended.returncode:
                raise MeasurementFailed(f"{name} cannot be installed: {ended.stderr.strip()[-300:]}")
        (folder / "done").touch()
    return folder / "bin"


@contextmanager
def tipg(url: sa.URL, home: Path) -> Iterator[Peer]:
    """tipg on the tables of SCHEMA, one process."""
    port, bin_ = free_port(), installed("tipg", home)
    settings = {
        "DATABASE_URL": url.set(drivername="postgresql").render_as_string(hide_password=False),
        "TIPG_DB_SCHEMAS": json.dumps([SCHEMA]),
    }
    command = [str(bin_ / "uvicorn"), "tipg.main:app", "--port", str(port), "--log-level", "error"]
    place = f"/collections/{SCHEMA}.{TABLE}"
    peer = Peer(
        "tipg",
        port,
        f"{place}/items?limit={{limit}}&offset={{offset}}&f=geojson",
        f"{place}/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}",
    )
    with _running(peer, command, settings, "/healthz"):
        yield peer


@contextmanager
def pygeoapi(url: sa.URL, home: Path) -> Iterator[Peer]:
    """pygeoapi under gunicorn on the same table, one process. It makes no tiles from PostGIS in this set-up."""
    port, bin_ = free_port(), installed("pygeoapi", home)
    config, document = home / "pygeoapi.json", home / "pygeoapi-openapi.json"
    config.write_text(json.dumps(_configuration(url, port)), encoding="utf-8")  # JSON is YAML
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(document)}
    command = [str(bin_ / "pygeoapi"), "openapi", "generate", str(config), "--output-file", str(document)]
    ended = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise MeasurementFailed(f"pygeoapi does not start: {ended.stderr.strip()[-300:]}")
    serve = [
        str(bin_ / "gunicorn"),
        "pygeoapi.flask_app:APP",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    peer = Peer(
        "pygeoapi", port, f"/collections/{TABLE}/items?limit={{limit}}&offset={{offset}}&f=json", None
    )
    with _running(peer, serve, settings, "/conformance?f=json"):
        yield peer


@contextmanager
def _running(peer: Peer, command: Sequence[str], settings: dict[str, str], path: str) -> Iterator[None]:
    server = subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        ends = time.monotonic() + START_S
        while True:
            try:
                peer.get(path)
                break
            except OSError as error:
                if server.poll() is not None or time.monotonic() > ends:
                    raise MeasurementFailed(f"{peer.name} does not start: {' '.join(command)}") from error
                time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait(30)


def _configuration(url: sa.URL, port: int) -> dict[str, Any]:
    """The least that pygeoapi asks for."""
    words = {"en": "bench"}
    data = {
        "host": url.host, "port": url.port, "dbname": url.database, "user": url.username, "password": url.password, "search_path": [SCHEMA, "public"],
    }  # fmt: skip
    provider = {
        "type": "feature", "name": "PostgreSQL", "data": data, "id_field": "id", "table": TABLE, "geom_field": "geom",
        "storage_crs": "http://www.opengis.net/def/crs/EPSG/0/31370", "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
    }  # fmt: skip
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": f"http://127.0.0.1:{port}", "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8", "languages": ["en-US"], "map": {"url": "https://example.org/{z}/{x}/{y}.png", "attribution": "none"},
            "limits": {"default_items": 10, "max_items": 10_000},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": words, "description": words, "keywords": {"en": ["bench"]}, "keywords_type": "theme",
                "terms_of_service": "https://example.org", "url": "https://example.org",
            },
            "license": {"name": "none", "url": "https://example.org"}, "provider": {"name": "bench", "url": "https://example.org"},
            "contact": {"name": "bench", "position": "bench"},
        },
        "resources": {
            TABLE: {
                "type": "collection", "title": words, "description": words, "keywords": {"en": ["bench"]}, "links": [],
                "extents": {"spatial": {"bbox": [2, 49, 7, 52], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
                "providers": [provider],
            }
        },
    }  # fmt: skip
