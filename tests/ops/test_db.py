"""Transactions end whole or not at all, reads cannot write, and a lost database has one name."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from geo_service import db, sql
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.settings import load


@pytest.fixture
def own(fresh_database: str) -> Iterator[sa.Engine]:
    """An engine on a database of this test alone, with a table to write to and two connections."""
    engine = db.create_engine_for(fresh_database, pool_size=2, timeout_s=0.1)
    with db.write(engine) as connection:
        connection.execute(sa.text("CREATE TABLE notes (word text)"))
    yield engine
    engine.dispose()


@pytest.fixture
def terminate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with a statement that ends its own connection."""
    package = tmp_path / "queries_that_end"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "terminate.sql").write_text("SELECT pg_terminate_backend(pg_backend_pid())")
    monkeypatch.syspath_prepend(tmp_path)
    return package.name


def note(connection: sa.Connection, word: str) -> None:
    connection.execute(sa.text("INSERT INTO notes VALUES (:word)"), {"word": word})


def notes(engine: sa.Engine) -> list[str]:
    with db.read(engine) as connection:
        return list(connection.execute(sa.text("SELECT word FROM notes")).scalars())


def test_a_write_is_committed_at_its_end(own: sa.Engine) -> None:
    with db.write(own) as connection:
        note(connection, "kept")
        assert notes(own) == []
    assert notes(own) == ["kept"]


def test_an_error_rolls_the_whole_write_back(own: sa.Engine) -> None:
    with pytest.raises(KeyError), db.write(own) as connection:
        note(connection, "lost")
        raise KeyError
    assert notes(own) == []


def test_a_read_cannot_write(own: sa.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="read-only"), db.read(own) as connection:
        note(connection, "never")


def test_a_connection_that_has_read_can_write_again(own: sa.Engine) -> None:
    notes(own)
    with db.write(own) as connection:
        note(connection, "kept")
    assert notes(own) == ["kept"]


def test_a_read_sees_one_state_however_many_statements_it_takes(own: sa.Engine) -> None:
    with db.read(own) as connection:
        count = sa.text("SELECT count(*) FROM notes")
        before = connection.execute(count).scalar()
        with db.write(own) as other:
            note(other, "meanwhile")
        assert connection.execute(count).scalar() == before


def test_every_new_connection_is_prepared_once(fresh_database: str) -> None:
    prepared: list[psycopg.Connection] = []
    engine = db.create_engine_for(fresh_database, prepare=prepared.append)
    for _ in range(2):
        with db.write(engine):
            pass
    assert len(prepared) == 1
    engine.dispose()


def test_a_database_that_does_not_answer_is_unreachable() -> None:
    nowhere = load(database_url="postgresql://geo:secret@127.0.0.1:1/geo")
    engine = db.create_engine_from(nowhere)
    with pytest.raises(DatabaseUnreachable, match="refused") as caught, db.read(engine):
        pass
    assert "secret" not in str(caught.value)


def test_a_connection_lost_halfway_is_unreachable_and_the_next_one_works(own: sa.Engine) -> None:
    with pytest.raises(DatabaseUnreachable), db.write(own) as connection:
        note(connection, "lost")
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert notes(own) == []


def test_a_pool_without_a_free_connection_says_so(own: sa.Engine) -> None:
    with (
        db.write(own),
        db.write(own),
        pytest.raises(DatabaseUnreachable, match="busy"),
        db.write(own),
    ):
        pass


def test_an_error_of_the_statement_stays_what_it_is(own: sa.Engine) -> None:
    with pytest.raises(sa.exc.ProgrammingError), db.write(own) as connection:
        connection.execute(sa.text("SELECT nothing FROM nowhere"))


WRITE = sql.Statement("INSERT INTO notes VALUES ($1)", ("word",))


def test_a_pipeline_belongs_to_the_transaction(own: sa.Engine) -> None:
    with db.write(own) as connection:
        with db.pipeline(connection) as line:
            for word in ("one", "two"):
                line.send(WRITE, {"word": word}, prepare=True)
            seen = line.send(sql.Statement("SELECT word FROM notes"))
        note(connection, "three")
        assert (seen.fetchall(), notes(own)) == ([("one",), ("two",)], [])
    assert notes(own) == ["one", "two", "three"]


def test_an_error_in_a_pipeline_rolls_the_whole_write_back_and_stays_what_it_is(own: sa.Engine) -> None:
    with pytest.raises(sa.exc.ProgrammingError), db.write(own) as connection:
        note(connection, "lost")
        with db.pipeline(connection) as line:
            line.send(WRITE, {"word": "lost too"})
            line.send(sql.Statement("SELECT nothing FROM nowhere"))
    assert notes(own) == []


def test_plans_are_kept_until_the_end_of_the_transaction_only(own: sa.Engine) -> None:
    mode = sa.select(sa.func.current_setting("plan_cache_mode"))
    with db.write(own) as connection:
        with db.pipeline(connection) as line:
            line.generic_plans()
        assert connection.scalar(mode) == "force_generic_plan"
    with db.glance(own) as connection:
        assert connection.scalar(mode) == "auto"


@pytest.mark.parametrize("run", [db.fetch, db.execute])
def test_a_connection_lost_under_a_statement_is_unreachable_and_the_next_one_works(
    own: sa.Engine, run: Callable[..., object], terminate: str
) -> None:
    with pytest.raises(DatabaseUnreachable), db.write(own) as connection:
        note(connection, "lost")
        run(connection, terminate, "terminate")
    assert notes(own) == []


def test_a_glance_leaves_a_connection_that_writes_in_one_transaction(own: sa.Engine) -> None:
    with db.glance(own) as connection:
        assert db.fetch(connection, "geo_service.store", "schema_version")
    test_an_error_rolls_the_whole_write_back(own)


def test_a_connection_that_is_still_in_use_is_closed_once_it_comes_back(fresh_database: str) -> None:
    """An engine is disposed while a thread has not ended: its session must not stay until the collector comes by."""
    engine = db.create_engine_for(fresh_database)
    with engine.connect() as conn:
        driver = conn.connection.driver_connection
        engine.dispose()
        assert conn.scalar(sa.text("SELECT 1")) == 1
    assert driver is not None and driver.closed
    with engine.connect() as again:
        assert again.scalar(sa.text("SELECT 1")) == 1
    engine.dispose()
