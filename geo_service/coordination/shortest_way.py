"""The shortest way past all nodes, by OR-Tools CP-SAT. The library takes a second to load: who asks for a way imports this module then."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from ortools.sat.python import cp_model

START = 0
"""The node at which every way begins and ends."""
MOST_EFFORT = 0.5
"""The solver's own clock, about seconds on a calm machine: another day on a busier one gives the same order."""


def way(lengths_m: Mapping[tuple[int, int], float], begin: Sequence[int]) -> list[int]:
    """Return the nodes behind `START` in the order of the shortest way, or of the best one within `MOST_EFFORT`.

    `lengths_m` has the length from each node to each other one, `begin` the nodes in an order to improve on.
    """
    model = cp_model.CpModel()
    arcs = {pair: model.new_bool_var(f"{pair}") for pair in lengths_m}
    model.add_circuit([(a, b, taken) for (a, b), taken in arcs.items()])
    # whole decimetres: the solver counts in whole numbers
    model.minimize(sum(round(10 * lengths_m[pair]) * taken for pair, taken in arcs.items()))
    for pair in itertools.pairwise((START, *begin, START)):
        model.add_hint(arcs[pair], True)
    solver = solver_of(MOST_EFFORT)
    solver.solve(model)
    following = {a: b for (a, b), taken in arcs.items() if solver.boolean_value(taken)}
    order, node = [], following[START]
    while node != START:
        order.append(node)
        node = following[node]
    return order


def solver_of(effort: float) -> cp_model.CpSolver:
    """Return a solver that gives the same answer on each run: one worker, one seed, and a limit on its own clock."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    return solver
