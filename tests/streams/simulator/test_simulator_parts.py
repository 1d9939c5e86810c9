"""The pure parts of the demo cameras: scripts and layouts."""

import numpy as np

from streams.simulator.layouts import LAYOUTS
from streams.simulator.scenes import CameraAct, Scene, SimulatedFault
from streams.simulator.scripts import state_at, steady


def test_the_first_two_minutes_show_everything_once() -> None:
    acts = {n: [state_at(n, t, 0) for t in range(121)] for n in range(1, 108)}
    at_end = [acts[n][-1].fault for n in acts]
    counts = {fault: at_end.count(fault) for fault in SimulatedFault}
    assert counts[SimulatedFault.REFUSE] == 3
    assert counts[SimulatedFault.UNAUTHORIZED] == 1
    assert counts[SimulatedFault.FREEZE] == 2
    assert counts[SimulatedFault.COVER] == 2
    assert counts[SimulatedFault.DARK] == 1
    assert counts[SimulatedFault.SHIFT] == 1
    away = (Scene.EMPTY, Scene.WAITING)
    absent = {n: [t for t, act in enumerate(acts[n]) if act.scene in away] for n in acts}
    never = [n for n in absent if len(absent[n]) == 121]
    left = [n for n in absent if 0 < len(absent[n]) < 121]
    assert (len(never), len(left)) == (4, 8)
    for n in left:
        assert 29 <= len(absent[n]) <= 71
        assert absent[n] == list(range(absent[n][0], absent[n][-1] + 1))


def test_afterwards_some_counters_are_always_empty_and_most_never() -> None:
    away = (Scene.EMPTY, Scene.WAITING)
    numbers = [sum(state_at(n, t, 0).scene in away for n in range(1, 108)) for t in range(300, 3900, 10)]
    assert 6 <= np.mean(numbers) <= 13
    assert max(numbers) < 25


def test_a_script_is_the_same_each_time_and_other_for_another_seed() -> None:
    assert [state_at(n, 50, 1) for n in range(1, 108)] == [state_at(n, 50, 1) for n in range(1, 108)]
    assert [state_at(n, 50, 1) for n in range(1, 108)] != [state_at(n, 50, 2) for n in range(1, 108)]
    assert {steady(n, 50).fault for n in range(1, 108)} == {SimulatedFault.NONE}
    assert steady(1, 0) in (CameraAct(Scene.STAFFED), CameraAct(Scene.SERVING))


def test_zones_lie_inside_the_picture_and_visitors_outside_the_zone() -> None:
    for layout in LAYOUTS.values():
        assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in layout.zone)
        x, z = layout.visitor
        left, right = (layout.lens.see(x + side, 1.3, z)[0] for side in (-0.24, 0.24))
        xs = [point[0] for point in layout.zone]
        assert right < min(xs) or left > max(xs), layout.name
