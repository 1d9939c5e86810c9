from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Zone:
    id: int
    counter: int
    polygon: tuple[tuple[float, float], ...]
    quorum: int = 1


def polygon_problem(polygon):
    return None
