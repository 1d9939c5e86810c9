"""Where a street point may be: in the city, which is where the pins of its offices are."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from offices.places.distance_rule import degrees_around, km_between
from offices.places.models import Kelurahan

FARTHEST_KM = 8  # from the nearest office; no two neighbouring offices are farther apart than 4 km


@dataclass(frozen=True, slots=True)
class CityPins:
    """The pins of the kelurahan offices as (name, latitude, longitude) in degrees, read once for many points."""

    offices: Collection[tuple[str, float, float]]

    @classmethod
    def load(cls) -> "CityPins":
        """Read them. One query."""
        return cls(list(Kelurahan.objects.values_list("name", "latitude", "longitude")))

    def problem(self, latitude: float | None, longitude: float | None) -> str:
        """Return in words why the pin is not in the city, "" if it is, or is not complete.

        A city without offices accepts any pin.
        """
        if latitude is None or longitude is None or not self.offices:
            return ""
        away, name = self._nearest(latitude, longitude)
        if away <= FARTHEST_KM:
            return ""
        if self._holds(longitude, latitude):
            return _("Lintang dan bujur tertukar.")
        if self._holds(-latitude, longitude):
            return _("Tanda minus pada lintang hilang: Palembang di selatan khatulistiwa.")
        return _(
            "Pin ini %(away)s km dari kantor kelurahan terdekat (%(name)s): di luar Palembang, mungkin di laut. "
            "Periksa tanda minus dan koma desimalnya."
        ) % {"away": f"{away:.0f}", "name": name}

    def _holds(self, latitude: float, longitude: float) -> bool:
        return self._nearest(latitude, longitude)[0] <= FARTHEST_KM

    def _nearest(self, latitude: float, longitude: float) -> tuple[float, str]:
        """Return the distance in km to the nearest office, and its name."""
        return min((km_between(latitude, longitude, north, east), name) for name, north, east in self.offices)


def within_square(latitude: float, longitude: float, metres: float, path: str = "") -> Q:
    """Return a filter for pins in the square that reaches `metres` from this one to each side.

    An index answers it. `path` leads to the row that has the pin: "" on itself, "place__" on cameras.
    """
    high, wide = degrees_around(latitude, metres)
    north, east = f"{path}latitude__range", f"{path}longitude__range"
    return Q(**{north: (latitude - high, latitude + high), east: (longitude - wide, longitude + wide)})
