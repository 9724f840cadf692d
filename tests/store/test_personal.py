"""Personal data lie sealed in the database: rows of an older version too, and also for a new key."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from shapely import Point
from sqlalchemy.exc import IntegrityError

from geo_service import db, settings, vault
from geo_service.detection.prepare import prepare_database
from geo_service.domain.errors import PersonalKeyMissing, PersonalKeyWrong
from geo_service.domain.repairs import RepairDraft
from geo_service.settings import InvalidSettings
from geo_service.store import migrate, personal, photos, repairs, reporters
from geo_service.vault import CLOSED, Vault
from tests.scenes import CITY, ORIGIN
from tests.serving import PERSONAL_KEY

BEFORE = "0025"
"""The last schema with plain personal data."""
VAULT = Vault.of_keys([PERSONAL_KEY])
SECRET = "Zonderling"
OLD_REPAIR = (
    "INSERT INTO owner_groups (id, name, kind) VALUES ('g', 'g', 'city')",
    "INSERT INTO organisations (name, owner_group_id) VALUES ('o', 'g')",
    "INSERT INTO repairs (owner_id, category, scope, urgency, geom) SELECT id, 'pothole', 'spot', 'normal', "
    "ST_MakeEnvelope(80000, 190000, 80010, 190002, 31370) FROM organisations WHERE name = 'o'",
)
OLD_ROWS = (
    """INSERT INTO reporters (repair_id, details) SELECT id, '{"name": "Jan Zonderling"}' FROM repairs""",
    "INSERT INTO report_messages (repair_id, sent_by, source_id, text, details, said_at) SELECT id, 'site', '1', 'Bel Zonderling', "
    """'{"email": "zonderling@example.org"}', now() FROM repairs""",
    "INSERT INTO photos (repair_id, content, width, height) SELECT id, 'Zonderling', 1, 1 FROM repairs",
)


def draft(**fields: object) -> RepairDraft:
    return RepairDraft("pothole", "spot", "normal", Point(ORIGIN), CITY, **fields)  # type: ignore[arg-type]


def everything(conn: sa.Connection) -> str:
    """All that a copy of the database shows of its personal tables, bytes as text."""
    tables = [part.table for part in personal.PARTS]
    rows = [row for table in tables for row in conn.execute(sa.select(table))]
    return " ".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row)  # fmt: skip


def test_what_is_stored_of_a_reporter_cannot_be_read_without_the_key(conn: sa.Connection) -> None:
    repair = repairs.create(
        conn, draft(description="Put, bel 0470 12 34 56", reporter={"name": SECRET}), VAULT
    )
    assert reporters.find(conn, VAULT, repair) == {"name": SECRET, "description": "Put, bel 0470 12 34 56"}
    assert SECRET not in everything(conn) and "12 34 56" not in everything(conn)
    with pytest.raises(PersonalKeyWrong):
        reporters.find(conn, Vault.of_keys([vault.new_key()]), repair)
    with pytest.raises(PersonalKeyMissing):
        reporters.find(conn, CLOSED, repair)


@pytest.mark.parametrize("fields", [{"reporter": {"name": SECRET}}, {"description": "bel 0470 12 34 56"}, {"remark": "a@example.be"}])  # fmt: skip
def test_without_a_key_nothing_personal_is_stored(conn: sa.Connection, fields: dict[str, object]) -> None:
    with pytest.raises(PersonalKeyMissing):
        repairs.create(conn, draft(**fields))


def test_a_repair_without_personal_data_needs_no_key(conn: sa.Connection) -> None:
    repair = repairs.create(conn, draft(description="Put van 30 cm"))
    repairs.update(conn, repair, {"description": "Put van 40 cm"})
    assert reporters.find(conn, CLOSED, repair) is None


def test_a_text_that_changes_leaves_the_reporter_as_it_was(conn: sa.Connection) -> None:
    repair = repairs.create(conn, draft(reporter={"name": SECRET}), VAULT)
    repairs.update(conn, repair, {"remark": "bel 0470 12 34 56"}, vault=VAULT)
    assert reporters.find(conn, VAULT, repair) == {"name": SECRET, "remark": "bel 0470 12 34 56"}
    assert repairs.get(conn, repair)["remark"] == "bel [tel.]"


@pytest.mark.parametrize("part", personal.PARTS, ids=lambda part: part.table.name)
def test_the_database_refuses_a_plain_row(conn: sa.Connection, part: personal.Part) -> None:
    repairs.create(conn, draft())
    plain = {"reporters": 0, "report_messages": 1, "photos": 2}[part.table.name]
    with pytest.raises(IntegrityError, match=f"{part.table.name}_sealed_ck"):
        conn.execute(sa.text(OLD_ROWS[plain]))


def older(url: str) -> sa.Engine:
    """A database of the version before, with personal data."""
    migrate.downgrade(url, BEFORE)
    engine = db.create_engine_for(url)
    with db.write(engine) as conn:
        for statement in (*OLD_REPAIR, *OLD_ROWS):
            conn.execute(sa.text(statement))
    return engine


def lie_in_files(engine: sa.Engine) -> bool:
    """Whether the files of the personal tables hold a name in plain text."""
    read = "SELECT pg_read_binary_file(pg_relation_filepath(name)) FROM (VALUES ('reporters'), ('report_messages'), ('photos')) t(name)"
    with engine.connect() as conn:
        return any(SECRET.encode() in bytes(file) for file in conn.scalars(sa.text(read)))


def test_a_database_of_an_older_version_is_sealed_when_it_is_migrated(fresh_database: str) -> None:
    engine = older(fresh_database)
    with pytest.raises(PersonalKeyMissing):
        prepare_database(fresh_database)
    with db.read(engine) as conn:
        assert SECRET in everything(conn)

    assert prepare_database(fresh_database, vault=VAULT) == 3
    assert prepare_database(fresh_database, vault=VAULT) == 0

    with db.read(engine) as conn:
        [repair] = conn.scalars(sa.text("SELECT id FROM repairs"))
        assert SECRET not in everything(conn) and "zonderling" not in everything(conn)
        assert reporters.find(conn, VAULT, repair) == {"name": "Jan Zonderling"}
        [message] = reporters.messages(conn, VAULT, repair)
        assert (message["text"], message["details"]) == (
            "Bel Zonderling",
            {"email": "zonderling@example.org"},
        )
        [photo] = photos.find(conn, repair)
        assert photos.content(conn, VAULT, repair, photo["id"]) == b"Zonderling"
    for _ in range(20):
        if not lie_in_files(engine):
            break
        time.sleep(0.5)  # autovacuum still looks at the rows of before: a rewrite keeps what others may see
        with db.glance(engine) as conn:
            db.execute(conn, "geo_service.store", "personal_rewrite")
    assert not lie_in_files(engine)
    engine.dispose()


def test_a_new_key_opens_everything_and_the_old_one_nothing_more(conn: sa.Connection) -> None:
    made = [repairs.create(conn, draft(reporter={"name": SECRET}), VAULT) for _ in range(2)]
    lost = Vault.of_keys([vault.new_key()])
    unreadable = repairs.create(conn, draft(reporter={"name": SECRET}), lost)
    fresh = vault.new_key()

    assert personal.reseal(conn, Vault.of_keys([fresh, PERSONAL_KEY])) == (2, 1)

    for repair in made:
        assert reporters.find(conn, Vault.of_keys([fresh]), repair) == {"name": SECRET}
        with pytest.raises(PersonalKeyWrong):
            reporters.find(conn, VAULT, repair)
    assert reporters.find(conn, lost, unreadable) == {"name": SECRET}


def test_more_rows_than_a_batch_are_all_sealed_anew(
    conn: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal, "BATCH", 2)
    for _ in range(5):
        repairs.create(conn, draft(reporter={"name": SECRET}), VAULT)
    assert personal.reseal(conn, VAULT) == (5, 0)


def test_the_private_database_gets_a_key_that_only_its_user_reads(tmp_path: Path) -> None:
    config = settings.load(home=tmp_path / "run")
    assert vault.of(config).is_closed
    sealed = vault.ready(config).seal(b"x")
    assert vault.of(config).open(sealed) == b"x" == vault.ready(config).open(sealed)
    file = config.home / vault.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    vault.add_key(config)
    assert len(file.read_text().split()) == 2 and file.stat().st_mode & 0o777 == 0o600
    assert vault.of(config).open(sealed) == b"x"


def test_any_other_database_must_bring_its_key(tmp_path: Path) -> None:
    elsewhere = {"home": tmp_path, "database_url": "postgresql://db.example/geo"}
    with pytest.raises(PersonalKeyMissing):
        vault.ready(settings.load(**elsewhere))
    assert not vault.ready(
        settings.load(**elsewhere, personal_key=f"{vault.new_key()},{PERSONAL_KEY}")
    ).is_closed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["secret-but-short", ",", PERSONAL_KEY + ",x"])
def test_a_malformed_key_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(InvalidSettings) as refused:
        vault.of(settings.load(personal_key=key))
    assert "secret-but-short" not in str(refused.value)
