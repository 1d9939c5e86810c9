"""The form of a task's step, filled in by an officer or sent later by the phone's queue."""

from datetime import datetime
from uuid import UUID

from django import forms

from discipline.incidents.tasks.changes import TaskStepWanted
from discipline.incidents.tasks.state_rule import TaskState


class TaskStepForm(forms.Form):
    """A step. key and happened_at come from the page's script: a UUID, and milliseconds since 1970 by its clock."""

    state = forms.ChoiceField(choices=[(state.value, state.label) for state in TaskState])
    text = forms.CharField(max_length=2000, required=False)
    attachment = forms.FileField(required=False)
    key = forms.UUIDField(required=False)
    happened_at = forms.IntegerField(required=False, min_value=0, max_value=10**13)

    def wanted(self) -> TaskStepWanted:
        """Return the step without its file, which the view stores."""
        data = self.cleaned_data
        at: int | None = data["happened_at"]
        key: UUID | None = data["key"]
        moment = datetime.fromtimestamp(at / 1000).astimezone() if at else None
        return TaskStepWanted(TaskState(data["state"]), data["text"], None, key, moment)
