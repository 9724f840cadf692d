"""What PostgreSQL refuses or gives up: who asked learns whether to try again, and the log says why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.api.scenario import Street, day
from tests.serving import Service, box

FAILING = """
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'what happened' USING ERRCODE = split_part(NEW.title, ' ', 2), DETAIL = 'Key (phone)=(0471 23 45 67)';
END $$;
CREATE TRIGGER fail BEFORE INSERT ON works FOR EACH ROW WHEN (NEW.title LIKE 'sqlstate %') EXECUTE FUNCTION fail()"""


@pytest.fixture(scope="module")
def failing(service: Service) -> Iterator[None]:
    """Works whose title names an error meet it."""
    with service.engine.begin() as conn:
        conn.execute(sa.text(FAILING))
    yield
    with service.engine.begin() as conn:
        conn.execute(sa.text("DROP FUNCTION fail CASCADE"))


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("40P01", 503, "busy"),  # a deadlock
        ("40001", 503, "busy"),  # rows that another transaction changed
        ("55P03", 503, "busy"),  # a lock that is not to be had
        ("57014", 503, "busy"),  # a statement that takes too long
        ("53100", 503, "database_unreachable"),  # a full disk
        ("57P01", 503, "database_unreachable"),  # a server that stops
        ("23505", 500, "internal_error"),  # a fault of the service
    ],
)
def test_what_the_database_gives_up_says_whether_to_try_again(
    street: Street, capsys: pytest.CaptureFixture[str], state: str, status: int, code: str
) -> None:
    phase = {"geometry": box(street.x, 0, street.x + 9, 1), "starts_on": day(9), "ends_on": day(12)}
    body = {"source": "gipod", "source_id": state, "owner": "Proximus", "title": f"sqlstate {state}", "kind": "groundworks", "certainty": "confirmed", "phases": [phase]}  # fmt: skip
    with street.service.as_("utilities_desk") as desk:
        answer = desk.post("/api/v1/works", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("Retry-After" in answer.headers) == (status == 503)
    logged = capsys.readouterr()
    [line] = [one for one in (logged.out + logged.err).splitlines() if "database error" in one]
    assert state in line
    assert "what happened" in line
    assert "works.py:" in line
    assert "0471" not in logged.out + logged.err + answer.text
