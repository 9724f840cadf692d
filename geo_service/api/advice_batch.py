"""`/advice/batch`: may I repair these? Many questions in one request, with the same answers as one by one."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import ValidationError

from geo_service.api import advice, errors, serializers
from geo_service.api.concurrency import FileStream
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Crs, RepairReader, Today, TranslatorDep, confined_to
from geo_service.api.exports import turn
from geo_service.api.schemas import verdicts
from geo_service.api.schemas.common import MOST_NAMED
from geo_service.api.schemas.repairs import AdviceIn, AdviceRowsIn
from geo_service.coordination import advising, sequencing
from geo_service.detection.run import WhatIfRepair
from geo_service.domain.errors import InvalidInput
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import Urgency
from geo_service.i18n import Translator
from geo_service.presentation.advice import describe_advice
from geo_service.store import ground, organisations, partners, rules

PATH = "/api/v1/advice/batch"
MAX_BYTES = 16 * 1024 * 1024
"""The largest question; 10,000 outlines of ten corners are 5 MB."""
CHUNK = 200
"""Rows that are asked of the database at once."""
ANSWER_S = 900.0
"""The time limit for sending the answer (s)."""

router = APIRouter(prefix="/advice", tags=["advice"], dependencies=[Depends(turn)])

Answer = Mapping[str, Any]
Question = tuple[int, WhatIfRepair, Urgency]
"""The place among the rows, what is asked, and how urgent it is."""


@dataclass(frozen=True, slots=True)
class View:
    """What all rows are answered from."""

    ctx: Context
    conn: sa.Connection
    day: date
    crs: int
    translator: Translator
    city: str
    parameters: Parameters
    age: Mapping[str, Any]


@router.post("/batch", response_model=verdicts.AdviceRow)
def ask(
    body: AdviceRowsIn, ctx: ContextDep, who: RepairReader, day: Today, crs: Crs, translator: TranslatorDep
) -> Response:
    """What if these were repaired, each as if the others were not there? Nothing is stored.

    One line of JSON for each row, in their order: `advice`, or `errors` for a row that is refused. All see the data of one moment.
    """
    lines = _lines(body.rows, ctx, confined_to(who), day, crs, translator)
    try:
        first = next(lines)  # what fails at once is answered as a problem, not as a broken file
    except BaseException:
        lines.close()
        raise
    headers = serializers.language_headers(translator)
    return FileStream(first, lines, media_type="application/x-ndjson", headers=headers, longest_s=ANSWER_S)


def _lines(
    rows: Sequence[Any], ctx: Context, party: str | None, day: date, crs: int, translator: Translator
) -> Generator[bytes]:
    with partners.read(ctx.file_engine, party) as conn:
        city = organisations.group_of(conn, ctx.settings.city_organisation)
        view = View(ctx, conn, day, crs, translator, city, rules.load_parameters(conn), advice.age(conn, ctx))
        numbered = enumerate(rows)
        while chunk := list(islice(numbered, CHUNK)):
            answers = _answers(chunk, view)
            yield b"".join(serializers.as_json(one) + b"\n" for one in answers)


def _answers(rows: Sequence[tuple[int, Any]], view: View) -> Iterator[Answer]:
    """The answer to each row, in their order."""
    questions: list[Question] = []
    answers: dict[int, Answer] = {}
    for number, row in rows:
        try:
            body = AdviceIn.model_validate(row, from_attributes=True)
            region = view.ctx.settings.region_bbox
            question = advice.question_of(body, view.city, region, view.crs, view.day)
            questions.append((number, question, body.urgency))
        except (ValidationError, InvalidInput) as error:
            answers[number] = {"row": number, "errors": _fields(error, view.translator)}
    for number, one in _advice(questions, view):
        answers[number] = {"row": number, "advice": one}
    yield from (answers[number] for number, _ in rows)


def _advice(questions: Sequence[Question], view: View) -> Iterator[tuple[int, Answer]]:
    """The advice on each question, by the place of its row."""
    if not questions:
        return
    conn, day = view.conn, view.day
    repairs = [question for _, question, _ in questions]
    urgencies = [urgency for _, _, urgency in questions]
    answers = advising.of_what_ifs(conn, list(zip(repairs, urgencies, strict=True)), day, view.parameters)
    cases = [(one.advice, one.ground, repair.starts_on) for repair, one in zip(repairs, answers, strict=True)]
    full = sequencing.in_full(conn, cases, day)
    places = [repair.geometry.representative_point() for repair in repairs]
    unknown = ground.unknown_places(conn, places)
    nowhere = view.translator.text("check.nowhere")
    for n, ((number, _, _), one) in enumerate(zip(questions, full, strict=True)):
        warning = nowhere if n in unknown else None
        yield number, {**describe_advice(one, view.translator), "warning": warning, **view.age}


def _fields(error: ValidationError | InvalidInput, translator: Translator) -> list[dict[str, str]]:
    """The fields of one row that cannot be accepted, as the question of a single place names them."""
    if isinstance(error, InvalidInput):
        return errors.refusals(error, translator)
    findings = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
    return errors.fields(findings, translator)[:MOST_NAMED]
