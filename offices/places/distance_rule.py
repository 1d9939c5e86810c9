"""Distances between pins. Pure."""

from math import cos, hypot, radians

KM_PER_DEGREE = 111.2


def degrees_around(latitude: float, metres: float) -> tuple[float, float]:
    """Return how many degrees of latitude and of longitude `metres` are at this latitude."""
    high = metres / 1000 / KM_PER_DEGREE
    return high, high / cos(radians(latitude))


def km_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance in km of two pins in degrees, of which neither is near a pole: exact to 0.1 % in a city."""
    narrow = cos(radians(latitude))
    return KM_PER_DEGREE * hypot(latitude - other_latitude, (longitude - other_longitude) * narrow)
