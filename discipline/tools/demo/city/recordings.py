"""Record the demo's hot spots, so that the player has something to show after a few minutes."""

from datetime import date

from django.contrib.auth import get_user_model

from offices.access.models import Membership
from offices.points.models import RetentionClass
from streams.evidence.recording.models import RetentionRule

DAYS = 1
MOST_GB = "2"  # of all recordings, as RECORDING_GB: a demo must not fill a disk
BASIS = "Contoh demo: keputusan kepala Dinas Komunikasi dan Informatika"


def record_hotspots(today: date) -> bool:
    """Decide in the inspectorate's name that hot spots are recorded, unless anything was decided before."""
    User = get_user_model()  # noqa: N806
    inspector = User.objects.filter(memberships__role=Membership.Role.INSPECTOR).order_by("pk").first()
    if inspector is None or RetentionRule.objects.exists():
        return False
    RetentionRule.objects.create(kept_as=RetentionClass.HOTSPOT, days=DAYS, since=today, basis=BASIS, by=inspector)
    return True
