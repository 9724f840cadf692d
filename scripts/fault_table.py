"""`make faults`: play each fault and print what became of it, as the table of docs/operations.md.

Each line is a test on real systems: it breaks something while people work, and counts what was confirmed and is gone. What takes minutes runs here only.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent
HEADER = ("Fault", "What people see", "Back after", "Lost")
DATABASE = "tests/faults/test_database_faults.py::"
REPLICA = "tests/faults/test_replica.py::"
WORKER = "tests/faults/test_worker_faults.py::"


@dataclass(frozen=True)
class Fault:
    """A fault, what people see of it, and the test that plays it."""

    name: str
    view: str
    test: str


FAULTS = (
    Fault("PostgreSQL killed", "503 at once", f"{DATABASE}test_postgresql_is_killed"),
    Fault("PostgreSQL restarted", "503 at once", f"{DATABASE}test_postgresql_is_restarted"),
    Fault("every session ended by the server", "nothing", f"{DATABASE}test_every_session_is_ended_by_the_server"),
    Fault("others take every connection", "503 when a connection is needed", f"{DATABASE}test_others_take_every_connection"),
    Fault("network to the database cut", "503 at once", f"{DATABASE}test_the_network_to_the_database_is_cut"),
    Fault("database hangs", "an answer that takes as long; 503 with `Retry-After` for who comes later", f"{DATABASE}test_the_database_hangs"),
    Fault("database slow", "slower answers", f"{DATABASE}test_the_database_is_slow"),
    Fault("disk of the database full", "503 for writes, reads go on", f"{DATABASE}test_the_disk_is_full"),
    Fault("long query of an analyst", "nothing; the query is ended after a minute", f"{DATABASE}test_a_long_query_of_an_analyst_keeps_no_write_waiting"),
    Fault("service and import killed in a request", "connection lost; the same request may be sent again", "tests/races/test_killed.py::test_a_killed_service_and_a_killed_import_lose_nothing"),
    Fault("PostgreSQL killed under an import", "503; the import is begun again", "tests/races/test_killed.py::test_a_killed_postgresql_loses_nothing_and_the_service_goes_on_by_itself"),
    Fault("worker without its database", "alerts come later", f"{WORKER}test_a_worker_without_its_database_waits_in_few_words_and_goes_on"),
    Fault("worker killed in a delivery", "the alert comes later", "tests/alerts/test_worker.py::test_a_job_of_a_killed_worker_is_done_by_the_next_one"),
    Fault("two workers at midnight", "nothing", "tests/coordination/test_new_day.py::test_of_many_workers_at_once_one_begins_the_day"),
    Fault("no worker for days", "older advice, said on each page", "tests/coordination/test_new_day.py::test_the_days_that_no_worker_saw_are_one_night"),
    Fault("clock behind", "nothing", "tests/coordination/test_new_day.py::test_a_clock_that_is_behind_takes_nothing_back"),
    Fault("migration killed halfway, two at once", "nothing: the schema is as before", "tests/faults/test_migration_faults.py::test_a_migration_that_is_killed_halfway_has_changed_nothing_and_the_next_one_does_it_all"),
    Fault("replica too far behind", "nothing: the database answers", f"{REPLICA}test_a_replica_that_is_too_far_behind_answers_nothing"),
    Fault("replica stopped", "nothing: the database answers", f"{REPLICA}test_a_replica_that_is_stopped_costs_no_answer"),
    Fault("replica promoted", "nothing: the database answers", f"{REPLICA}test_a_replica_that_was_promoted_is_no_replica_any_more"),
    Fault("GIPOD slow", "the age of the source", "tests/intake/test_wait_policy.py::test_a_server_that_keeps_us_waiting_is_given_up_in_time"),
    Fault("GIPOD down", "the age of the source, and an alert", "tests/intake/test_feeds.py::test_a_feed_that_stopped_is_told_once_and_its_return_too"),
    Fault("GIPOD lies", "the old facts, and why", "tests/intake/test_bad_sources.py::test_a_feed_that_answers_something_else_is_quoted_and_changes_nothing"),
    Fault("mail server down", "e-mails come later", "tests/alerts/test_mail_delivery.py::test_a_server_that_is_not_there_is_tried_again"),
    Fault("mail server says nothing", "e-mails come later", "tests/alerts/test_mail_delivery.py::test_a_server_that_says_nothing_costs_one_deadline"),
    Fault("issuer of sign-in down", "a sentence; who is signed in stays so", "tests/accounts/test_oidc.py::test_an_issuer_that_is_down_is_said_in_words"),
    Fault("issuer of sign-in slow", "a sentence in time", "tests/accounts/test_oidc.py::test_an_issuer_that_is_slow_makes_nobody_wait_for_long"),
    Fault("everything killed at random", "connection lost or 503; alerts and e-mails come later", "tests/races/test_chaos.py::test_whatever_is_killed_nobody_misses_an_alert"),
)  # fmt: skip


def outcomes(report: Path) -> dict[str, list[ET.Element]]:
    """The cases of a report of pytest, by the name of their test; a test with parameters has several."""
    cases: dict[str, list[ET.Element]] = {}
    for case in ET.parse(report).getroot().iter("testcase"):  # nosec B314 # the report of our own pytest
        name = case.get("name", "")
        for key in {name, name.partition("[")[0]}:
            cases.setdefault(key, []).append(case)
    return cases


def line(fault: Fault, cases: list[ET.Element]) -> tuple[str, str, str, str]:
    """The line of a fault. Lost is 0 where the test passed: each fails when anything is gone."""
    if not cases or any(case.find("skipped") is not None for case in cases):
        return fault.name, fault.view, "not played here", "?"
    if any(case.find(kind) is not None for case in cases for kind in ("failure", "error")):
        return fault.name, fault.view, "**failed**", "?"
    noted = {one.get("name"): one.get("value") for case in cases for one in case.iter("property")}
    seconds = noted.get("recovery_s")
    return (
        fault.name,
        fault.view,
        "at once" if seconds in (None, "0.0") else f"{seconds} s",
        noted.get("lost") or "0",
    )


def table(rows: list[tuple[str, str, str, str]]) -> Iterator[str]:
    """The rows as Markdown."""
    for cells in (HEADER, ("---",) * len(HEADER), *rows):
        yield f"| {' | '.join(cells)} |"


def main() -> int:
    """Play all faults; the exit code is that of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        tests = [fault.test for fault in FAULTS]
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "0",
            "-o",
            "junit_family=xunit1",
            f"--junitxml={report}",
            *tests,
        ]
        code = subprocess.run(
            command, cwd=PROJECT, env={**os.environ, "FAULTS": "all"}, stdout=sys.stderr
        ).returncode
        found = outcomes(report)
    rows = [line(fault, found.get(fault.test.rpartition("::")[2], [])) for fault in FAULTS]
    sys.stdout.write("\n".join(table(rows)) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
