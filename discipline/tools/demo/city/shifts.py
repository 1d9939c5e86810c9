"""The demo's room: a shift that was handed over and signed for, and the one on duty. All of it is made up."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model

from discipline.incidents.shifts import changes
from discipline.incidents.shifts.models import Shift
from offices.places.models import Agency

CHIEF = "kepala.jaga"


def seed_shifts(now: datetime) -> int:
    """Begin a shift after one that has ended; return how many, 0 if there are any or the accounts are missing."""
    people = {user.username: user for user in get_user_model().objects.all()}
    operator, chief = people.get("operator"), people.get(CHIEF)
    if Shift.objects.exists() or operator is None or chief is None:
        return 0
    handed_over_at = now - timedelta(hours=1)
    changes.begin("Regu A", None, operator, handed_over_at - timedelta(hours=8))
    changes.write("Hujan lebat di Ilir Timur sejak pukul ini, genangan dipantau.", operator, now - timedelta(hours=3))
    handover = changes.hand_over("Genangan di titik rawan masih dipantau, pompa dijaga.", operator, handed_over_at)
    changes.begin("Regu B", None, chief, handed_over_at)
    changes.sign(handover, chief, handed_over_at + timedelta(minutes=6))
    changes.join(None, operator, handed_over_at + timedelta(minutes=10))
    officer, agency = people.get("dishub"), Agency.objects.filter(code="dishub").first()
    if officer and agency:
        changes.join(agency, officer, handed_over_at + timedelta(minutes=12))
    return 2
