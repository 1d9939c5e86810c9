"""The eight winds in words. Pure."""

from django.utils.translation import gettext_lazy as _

WINDS = (
    _("utara"),
    _("timur laut"),
    _("timur"),
    _("tenggara"),
    _("selatan"),
    _("barat daya"),
    _("barat"),
    _("barat laut"),
)


def wind(degrees: int) -> str:
    """Return the nearest of the eight winds to a direction in degrees clockwise from north."""
    return str(WINDS[round(degrees / 45) % 8])
