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
    """The problem in the words of the solver: a slot is `assigned` to a job, and a crew makes a `trip` to its neighbourhood."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        indexes = {(slot.team.id, slot.day): slot_index for slot_index, slot in enumerate(problem.slots)}
        self.assignments = {
            (job_index, indexes[slot.team.id, slot.day]): self.model.new_bool_var(
                f"{job_index} by {slot.team.id} on {slot.day}"
            )
            for job_index, job in enumerate(problem.jobs)
            for slot in problem.slots_of(job)
        }
        self.trips = {
            (slot_index, problem.jobs[job_index].area): self.model.new_bool_var(
                f"{slot_index} to {problem.jobs[job_index].area}"
            )
            for job_index, slot_index in self.assignments
        }

    def lines(self, begin: list[Line]) -> list[Line]:
        """Solve it, from these lines on; empty when nothing was found in time."""
        self._add_constraints()
        self._set_objective()
        self._add_hints(begin)
        solver = solver_of(MOST_EFFORT)
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return []
        return [
            self._line(job_index, slot_index)
            for (job_index, slot_index), assigned in self.assignments.items()
            if solver.boolean_value(assigned)
        ]

    def _add_constraints(self) -> None:
        """Each job once at most, each crew no longer than its day, and no job without the way there."""
        by_job: dict[int, list[cp_model.IntVar]] = {}
        by_slot: dict[int, list[cp_model.LinearExpr | cp_model.IntVar]] = {}
        for (job_index, slot_index), assigned in self.assignments.items():
            self.model.add_implication(assigned, self.trips[slot_index, self.problem.jobs[job_index].area])
            by_job.setdefault(job_index, []).append(assigned)
            by_slot.setdefault(slot_index, []).append(minutes(self.problem.jobs[job_index]) * assigned)
        for choices in by_job.values():
            self.model.add_at_most_one(choices)
        for slot_index, work in by_slot.items():
            self.model.add(sum(work) <= self.problem.slots[slot_index].minutes)

    def _set_objective(self) -> None:
        saved = sum(
            self._saving(job_index, slot_index) * assigned
            for (job_index, slot_index), assigned in self.assignments.items()
        )
        driven = sum(
            self.problem.reach_cents[self.problem.slots[slot_index].team.id, area] * trip
            for (slot_index, area), trip in self.trips.items()
        )
        self.model.minimize(saved + driven)

    def _add_hints(self, begin: list[Line]) -> None:
        places = {(line.job.repair_id, line.team.id, line.day) for line in begin}
        trips = {(line.team.id, line.day, line.job.area) for line in begin}
        for (job_index, slot_index), assigned in self.assignments.items():
            line = self._line(job_index, slot_index)
            self.model.add_hint(assigned, (line.job.repair_id, line.team.id, line.day) in places)
        for (slot_index, area), trip in self.trips.items():
            slot = self.problem.slots[slot_index]
            self.model.add_hint(trip, (slot.team.id, slot.day, area) in trips)

    def _saving(self, job_index: int, slot_index: int) -> int:
        """What the job costs in this slot more than without one (cents): below 0, it is worth doing."""
        id_ = self.problem.jobs[job_index].repair_id
        return self.problem.day_cents[id_][self.problem.slots[slot_index].day] - self.problem.left_cents[id_]

    def _line(self, job_index: int, slot_index: int) -> Line:
        return Line(
            self.problem.jobs[job_index],
            self.problem.slots[slot_index].team,
            self.problem.slots[slot_index].day,
        )
