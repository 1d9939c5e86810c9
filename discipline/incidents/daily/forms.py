"""The form of a rule for how long the papers are kept."""

from discipline.incidents.daily.models import DailyRetention
from discipline.incidents.room.forms import RoomRetentionForm


class DailyRetentionForm(RoomRetentionForm):
    """A new rule. It may not begin in the past."""

    class Meta(RoomRetentionForm.Meta):
        model = DailyRetention  # type: ignore[assignment]  # another model of the same fields
