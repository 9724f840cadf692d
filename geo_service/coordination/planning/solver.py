"""The cheapest plan of a problem, by OR-Tools CP-SAT."""

from __future__ import annotations

from ortools.sat.python import cp_model

from geo_service.coordination.shortest_way import solver_of
from geo_service.domain.planning import Line, Problem, first_come, minutes

MOST_EFFORT = 0.3
"""The solver's own clock, about seconds on a calm machine: the same problem gives the same plan on a busier one."""


def cheapest(problem: Problem) -> list[Line]:
    """Return the lines of the cheapest plan, or of the best one within `MOST_EFFORT`, in the order of days and crews.

    The same problem gives the same lines, and they never cost more than first come, first served.
    """
    begin = first_come(problem)
    if not begin:
        return []
    better = _Search(problem).lines(begin)
    best = min(better, begin, key=problem.cost_cents)
    return sorted(best, key=lambda line: (line.day, line.team.id, line.job.repair_id))


class _Search:
    """The problem in the words of the solver: a job is `taken` by a slot, for which a crew takes a `way` to a neighbourhood."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        indexes = {(slot.team.id, slot.day): m for m, slot in enumerate(problem.slots)}
        self.taken = {
            (n, indexes[slot.team.id, slot.day]): self.model.new_bool_var(
                f"{n} by {slot.team.id} on {slot.day}"
            )
            for n, job in enumerate(problem.jobs)
            for slot in problem.slots_of(job)
        }
        self.ways = {
            (m, problem.jobs[n].area): self.model.new_bool_var(f"{m} to {problem.jobs[n].area}")
            for n, m in self.taken
        }

    def lines(self, begin: list[Line]) -> list[Line]:
        """Solve it, from these lines on; empty when nothing was found in time."""
        self._say_what_may_be()
        self._say_what_it_costs()
        self._say_where_to_begin(begin)
        solver = solver_of(MOST_EFFORT)
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return []
        return [self._line(n, m) for (n, m), here in self.taken.items() if solver.boolean_value(here)]

    def _say_what_may_be(self) -> None:
        """Each job once at most, each crew no longer than its day, and no job without the way there."""
        by_job: dict[int, list[cp_model.IntVar]] = {}
        by_slot: dict[int, list[cp_model.LinearExpr | cp_model.IntVar]] = {}
        for (n, m), here in self.taken.items():
            self.model.add_implication(here, self.ways[m, self.problem.jobs[n].area])
            by_job.setdefault(n, []).append(here)
            by_slot.setdefault(m, []).append(minutes(self.problem.jobs[n]) * here)
        for choices in by_job.values():
            self.model.add_at_most_one(choices)
        for m, work in by_slot.items():
            self.model.add(sum(work) <= self.problem.slots[m].minutes)

    def _say_what_it_costs(self) -> None:
        saved = sum(self._saving(n, m) * here for (n, m), here in self.taken.items())
        driven = sum(
            self.problem.reach_cents[self.problem.slots[m].team.id, area] * way
            for (m, area), way in self.ways.items()
        )
        self.model.minimize(saved + driven)

    def _say_where_to_begin(self, begin: list[Line]) -> None:
        places = {(line.job.repair_id, line.team.id, line.day) for line in begin}
        ways = {(line.team.id, line.day, line.job.area) for line in begin}
        for (n, m), here in self.taken.items():
            line = self._line(n, m)
            self.model.add_hint(here, (line.job.repair_id, line.team.id, line.day) in places)
        for (m, area), way in self.ways.items():
            slot = self.problem.slots[m]
            self.model.add_hint(way, (slot.team.id, slot.day, area) in ways)

    def _saving(self, n: int, m: int) -> int:
        """What the job costs in this slot more than without one (cents): below 0, it is worth doing."""
        id_ = self.problem.jobs[n].repair_id
        return self.problem.day_cents[id_][self.problem.slots[m].day] - self.problem.left_cents[id_]

    def _line(self, n: int, m: int) -> Line:
        return Line(self.problem.jobs[n], self.problem.slots[m].team, self.problem.slots[m].day)
