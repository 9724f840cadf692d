"""The private cluster comes up again after everything that happens to a machine."""

import errno
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from geo_service import postgres
from geo_service.cluster import OUTSIDE_HOME, Cluster, ClusterFailure
from geo_service.domain.errors import PostgresMissing

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give up its rights")


@pytest.fixture
def home() -> Iterator[Path]:
    """Where any account may go: pytest's own folders are for its user alone, and every new session of pytest makes them so again."""
    with tempfile.TemporaryDirectory(prefix="geo-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    cluster = Cluster(home, durable=False)
    yield cluster
    cluster.destroy()


def query(cluster: Cluster, statement: str) -> str:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return str(row[0]) if row else ""


def remember_something(cluster: Cluster) -> None:
    query(cluster, "CREATE TABLE kept AS SELECT 'kept' AS word")


def server_pid(cluster: Cluster) -> int:
    pid = cluster.status().pid
    assert pid is not None
    return pid


def test_a_started_cluster_has_postgis_in_utf8(cluster: Cluster) -> None:
    cluster.start()
    assert query(cluster, "SELECT ST_AsText(ST_Point(3.2, 50.9, 4326))") == "POINT(3.2 50.9)"
    assert query(cluster, "SHOW server_encoding") == "UTF8"


def test_start_stop_and_start_again_keeps_the_data(cluster: Cluster) -> None:
    cluster.start()
    remember_something(cluster)
    cluster.stop()
    assert not cluster.status().running
    cluster.start()
    assert query(cluster, "SELECT word FROM kept") == "kept"


def test_starting_a_running_cluster_changes_nothing(cluster: Cluster) -> None:
    url = cluster.start()
    pid = server_pid(cluster)
    assert cluster.start() == url
    assert server_pid(cluster) == pid


def test_two_processes_that_start_one_home_get_one_server(cluster: Cluster) -> None:
    program = "import sys; from pathlib import Path; from geo_service.cluster import Cluster;"
    program += "print(Cluster(Path(sys.argv[1]), durable=False).start())"
    command = [sys.executable, "-c", program, str(cluster.home)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    urls = {one.communicate(timeout=120)[0].strip() for one in both}
    assert urls == {cluster.url}


def test_a_cluster_whose_server_was_killed_starts_again_with_its_data(cluster: Cluster) -> None:
    cluster.start()
    remember_something(cluster)
    os.kill(server_pid(cluster), signal.SIGKILL)
    cluster.start()
    assert query(cluster, "SELECT word FROM kept") == "kept"


def test_children_that_outlive_a_killed_server_do_not_keep_it_down(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.url, autocommit=True) as busy:
        child = busy.info.backend_pid
        os.kill(child, signal.SIGSTOP)  # cannot notice that its server is gone
        os.kill(server_pid(cluster), signal.SIGKILL)
        cluster.start()
    assert query(cluster, "SELECT 1") == "1"


def test_a_pid_file_that_names_somebody_elses_process_is_not_believed(cluster: Cluster) -> None:
    cluster.start()
    pid_file = cluster.status().data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    cluster.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert not cluster.status().running
    cluster.start()
    assert cluster.status().running


def test_a_stolen_port_is_replaced_by_another(cluster: Cluster) -> None:
    cluster.start()
    port = cluster.status().port
    cluster.stop()
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", port))
        thief.listen()
        cluster.start()
        assert cluster.status().port != port
        assert query(cluster, "SELECT 1") == "1"


def test_a_killed_initdb_is_done_again(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    data = cluster.status().data
    data.rename(data.with_name("data.new"))
    (data.with_name("data.new") / "PG_VERSION").unlink()
    cluster.start()
    assert query(cluster, "SELECT 1") == "1"


def test_a_home_too_deep_for_a_socket_works(home: Path) -> None:
    deep = home / ("long-folder-name/" * 8)
    with Cluster(deep, durable=False) as cluster:
        sockets = Path(query(cluster, "SHOW unix_socket_directories"))
        assert len(str(sockets / ".s.PGSQL.65535")) <= 107
    cluster.destroy()
    assert not sockets.exists()


def test_the_password_is_for_its_owner_only_and_is_asked_for(cluster: Cluster) -> None:
    cluster.start()
    assert (cluster.home / "cluster.json").stat().st_mode & 0o777 == 0o600
    port = cluster.status().port
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://geo:wrong@127.0.0.1:{port}/geo_service")


def test_the_server_listens_on_loopback_only(cluster: Cluster) -> None:
    cluster.start()
    assert query(cluster, "SHOW listen_addresses") == "127.0.0.1"


def test_a_database_made_from_a_template_has_its_tables(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.create_database("first"), autocommit=True) as connection:
        connection.execute("CREATE TABLE copied ()")
    with psycopg.connect(cluster.create_database("second", template="first")) as connection:
        assert connection.execute("SELECT to_regclass('copied')::text").fetchone() == ("copied",)


def test_a_cluster_that_was_never_started_says_how_to_start_it(cluster: Cluster) -> None:
    with pytest.raises(ClusterFailure, match="geo-service db up"):
        cluster.url  # noqa: B018


def test_a_full_disk_is_said_and_leaves_nothing_behind(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ClusterFailure) as refusal:
        Cluster(home).start()
    assert refusal.value.reason == "home_not_written"
    assert [path.name for path in home.glob("tmp*")] == []


def test_a_missing_postgresql_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PLACES", ())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(PostgresMissing, match=r"apt-get install postgresql-\d+-postgis-3"):
        postgres.find_binaries()


def test_data_of_another_major_version_name_it_and_the_ways_on(cluster: Cluster) -> None:
    cluster.start()
    remember_something(cluster)
    cluster.stop()
    version = cluster.status().data / "PG_VERSION"
    own = version.read_text()
    absent = next(
        one for one in postgres.SUPPORTED if one not in {found.version for found in postgres._installations()}
    )
    version.write_text(f"{absent}\n")
    with pytest.raises(
        PostgresMissing,
        match=rf"made by PostgreSQL {absent}.*postgresql-{absent}-postgis-3.*db backup.*db restore",
    ):
        cluster.start()
    version.write_text(own)
    cluster.start()
    assert query(cluster, "SELECT word FROM kept") == "kept"


@as_root
def test_root_does_not_run_the_server_as_root(cluster: Cluster) -> None:
    cluster.start()
    owner = Path(f"/proc/{server_pid(cluster)}").stat().st_uid
    assert owner == postgres.Account.choose().uid != 0


@as_root
def test_a_home_that_the_servers_account_cannot_enter_keeps_its_data_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with Cluster(closed / "home", durable=False) as cluster:
        remember_something(cluster)
        assert cluster.status().data.is_relative_to(OUTSIDE_HOME)
        cluster.stop()
        cluster.start()
        assert query(cluster, "SELECT word FROM kept") == "kept"
    data = cluster.status().data
    cluster.destroy()
    assert not data.exists()


@as_root
def test_a_checkout_that_is_made_anew_at_the_same_place_says_that_the_old_data_are_there(
    tmp_path: Path,
) -> None:
    """Its data lie outside, under the name of the place; the password went with the checkout."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    place = closed / "home"
    with Cluster(place, durable=False) as first:
        data, pid = first.status().data, server_pid(first)
        shutil.rmtree(place)
        second = Cluster(place, durable=False)
        with pytest.raises(ClusterFailure, match=r"make demo-reset") as refused:
            second.start()
        assert refused.value.reason == "memory_gone"
        assert str(data.parent) in str(refused.value)
        second.destroy()
    assert not data.exists()
    with pytest.raises(OSError):  # it has gone, or waits to be buried
        Path(f"/proc/{pid}/cwd").readlink()
    with Cluster(place, durable=False) as third:
        assert query(third, "SELECT 1") == "1"
    third.destroy()


@as_root
def test_an_ordinary_user_needs_no_root(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    pid = os.fork()
    if pid == 0:  # a new process of this interpreter, which may stand where `nobody` cannot start one
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            with Cluster(home, durable=False) as cluster:
                answer = query(cluster, "SELECT 'of nobody'")
            os._exit(0 if answer == "of nobody" and not cluster.status().running else 1)
        finally:
            os._exit(2)
    assert os.waitpid(pid, 0) == (pid, 0)
