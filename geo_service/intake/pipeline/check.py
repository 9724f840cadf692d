"""Check a source without a database: which records can be read, and the reason for each other one."""

from __future__ import annotations

import time
from itertools import islice

from geo_service.intake.pipeline.report import Report
from geo_service.intake.records import Record, Rejection, Source

ROWS_AT_ONCE = 1000


def check_source(source: Source) -> Report:
    """Count the readable records of a source as `created`, and report the reason for each other one; nothing
    is stored.

    Addresses are not looked up. This serves files of places outside the storage CRS, and authors of a
    mapping. Raises the errors of the source.
    """
    started = time.monotonic()
    report = Report(source.name)
    keys: set[str] = set()
    records = source.records()
    while some := list(islice(records, ROWS_AT_ONCE)):
        report.read += len(some)
        groups: dict[str, list[Record]] = {}
        for one in some:
            if isinstance(one, Rejection):
                report.reject(one)
            elif one.key in keys:
                report.reject(Rejection.twice(one.row, one.key, one.line))
            else:
                keys.add(one.key)
                groups.setdefault(one.group, []).append(one)
        for group, built in zip(groups.values(), source.build(list(groups.values())), strict=True):
            for rejection in built.rejections:
                report.reject(rejection)
            report.count("created", len(group) - len(built.rejections))
    report.remarks = source.remarks
    report.seconds = time.monotonic() - started
    return report
