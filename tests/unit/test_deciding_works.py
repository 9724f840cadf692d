"""Which works a question to people is about."""

from geo_service.domain.advice import advise
from tests.unit.test_sequence import PARAMETERS, TABLE, TODAY, day, met, renewal


def test_people_are_asked_about_the_dearest_of_the_works_that_come_too_late() -> None:
    deadline = renewal(latest_on=day(310))
    sewer, street = met("sewer", (600, 690)), met("street", (300, 310))
    came = advise(deadline, [sewer, street], PARAMETERS, TODAY, TABLE.ranks)
    assert (came.verdict, came.leading) == ("coordinate", street)
    asphalt = met("sewer", (600, 630), after=True)
    path = met("carriageway", (300, 390), blocking=True)
    assert advise(deadline, [asphalt, path], PARAMETERS, TODAY, TABLE.ranks).leading == path
