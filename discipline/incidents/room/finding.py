"""Who may enter the room on a day, who is in it, and who was."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from discipline.incidents.room.models import RoomPass, RoomVisit


def valid_passes(day: date) -> QuerySet[RoomPass]:
    """Return the passes that are valid on that day, by name."""
    return RoomPass.objects.filter(ended_at=None, first__lte=day, last__gte=day).select_related("by")


def coming_passes(day: date) -> QuerySet[RoomPass]:
    """Return the passes that become valid after that day."""
    return RoomPass.objects.filter(ended_at=None, first__gt=day).select_related("by").order_by("first", "name")


def visits(words: str = "") -> QuerySet[RoomVisit]:
    """Return the rows that hold, the newest visit first: those that have all the words in name, body or purpose."""
    rows = RoomVisit.objects.filter(corrected_by=None).select_related("room_pass", "let_in_by", "by")
    for word in words.split():
        rows = rows.filter(
            Q(room_pass__name__icontains=word) | Q(room_pass__body__icontains=word) | Q(purpose__icontains=word)
        )
    return rows


def inside() -> QuerySet[RoomVisit]:
    """Return the visits of those who are in the room, the longest first."""
    return visits().filter(left_at=None).order_by("came_at", "pk")


def visits_since(since: datetime) -> QuerySet[RoomVisit]:
    """Return the visits that began since that moment, and those that last."""
    return visits().filter(Q(came_at__gte=since) | Q(left_at=None)).order_by("came_at", "pk")


def history(visit: RoomVisit) -> list[RoomVisit]:
    """Return the rows of a visit's chain that are still kept, the oldest first."""
    rows = [visit]
    loaded = RoomVisit.objects.select_related("by")
    while rows[0].corrects_id and (before := loaded.filter(pk=rows[0].corrects_id).first()):
        rows.insert(0, before)
    return rows
