"""Other ways to run the stack: with a database elsewhere, and with the profiles `tls` and `replica`."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping

from scripts.images.compose import Compose, Person, docker, until

HOST = "db.elsewhere"
PASSWORD = "s3cr:t/w@rd"  # nosec B105 # of a database that lives for this run
OWNER = "town"
CREATION = (
    f"CREATE ROLE {OWNER} LOGIN PASSWORD '{PASSWORD}';",
    f"CREATE DATABASE {OWNER} OWNER {OWNER};",
    f"GRANT geo_partner TO {OWNER};",
    f"\\connect {OWNER}",
    "CREATE EXTENSION postgis; CREATE EXTENSION btree_gist;",
)
"""What docs/operations.md asks of a PostgreSQL of your own."""
PROFILES = {
    "COMPOSE_PROFILES": "tls,replica",
    "DOMAIN": "localhost",
    "GEO_READ_DATABASE_URL": "postgresql://geo@postgis-replica/geo_service",
}


def settings_elsewhere(settings: Mapping[str, str], port: int) -> dict[str, str]:
    """The settings of a second stack, on a database of the first one's server and under a role of its own."""
    url = f"postgresql://{OWNER}@{HOST}/{OWNER}"
    return {**settings, "PORT": str(port), "GEO_DATABASE_URL": url, "GEO_DATABASE_PASSWORD": PASSWORD}


def wrong_password(stack: Compose) -> str:
    """A migration with a wrong password says so in one line and ends."""
    try:
        stack.run("run", "--rm", "--no-deps", "--env", "GEO_DATABASE_PASSWORD=wrong", "migrate")
    except AssertionError as failure:
        text = str(failure)
        assert "password authentication failed" in text and "Traceback" not in text, text
        return "one line, no traceback"
    raise AssertionError("a migration with a wrong password went through")


def elsewhere(first: Compose, second: Compose, person: Person) -> str:
    """The second stack starts without a database of its own, and works."""
    psql = ("psql", "--username=geo", "--dbname=postgres", "--set=ON_ERROR_STOP=1", "--quiet")
    first.run("exec", "--no-TTY", "postgis", *psql, stdin="\n".join(CREATION))
    second.run("up", "--no-start", "--no-build", "--no-deps", "api")  # for its network
    network = f"{second.folder.name}_default"
    server = first.run("ps", "--quiet", "postgis").strip()
    docker("network", "connect", "--alias", HOST, network, server)
    try:
        second.up("--no-deps", "secret", "migrate", "api", "worker", "backup")
        assert person.get("/login").status == 200
        assert not second.run("ps", "--all", "--quiet", "postgis").strip(), (
            "a database of its own was started"
        )
        return "api, worker and backup healthy, by a role of its own with its password"
    finally:
        docker("network", "disconnect", "--force", network, server)


def profiles(stack: Compose, person: Person) -> str:
    """Caddy in front with a certificate of its own, and a replica that answers reads."""
    stack.settings = {**stack.settings, **PROFILES}
    stack.write_settings()
    seconds = stack.up()
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    places = [_ask(path, context).headers["Location"] or "" for path in ("/", "/api/v1/works/")]
    assert all(place.startswith(("/", "https://localhost/")) for place in places), places
    assert _ask("/health/ready", context).status == 404, "/health is open to the outside"
    until(lambda: "replica" in person.get("/health/ready").text, "the replica is known")
    replica = json.loads(person.get("/health/ready").text)["replica"]
    return f"healthy after {seconds:.0f} s; redirects {' and '.join(places)}; replica: {replica}"


def _ask(path: str, context: ssl.SSLContext) -> http.client.HTTPResponse:
    connection = http.client.HTTPSConnection("localhost", 443, timeout=30, context=context)
    connection.request("GET", path)
    return connection.getresponse()
