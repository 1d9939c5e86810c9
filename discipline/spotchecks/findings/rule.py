"""The dialogue about a finding of a spot check: one side answers; the other accepts, returns or withdraws. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode
from discipline.core.dialogue import Dialogue, Entry, Side


class FindingAct(LabelledCode):
    """What a line in the dialogue about a finding does."""

    ANSWERED = "answered", _("Dijawab")
    ACCEPTED = "accepted", _("Jawaban diterima")
    RETURNED = "returned", _("Dikembalikan")
    WITHDRAWN = "withdrawn", _("Temuan ditarik")
    EXTENDED = "extended", _("Tenggat diubah")
    UNDONE = "undone", _("Diurungkan")


class FindingStatus(LabelledCode):
    """The status of a finding: WAITING, or the act of the line that stands."""

    WAITING = "waiting", _("Menunggu jawaban")
    ANSWERED = FindingAct.ANSWERED.value, _("Sudah dijawab")
    RETURNED = FindingAct.RETURNED.value, _("Dikembalikan")
    ACCEPTED = FindingAct.ACCEPTED.value, _("Selesai")
    WITHDRAWN = FindingAct.WITHDRAWN.value, _("Ditarik")

    @property
    def closed(self) -> bool:
        """Whether the dialogue is over."""
        return self in (FindingStatus.ACCEPTED, FindingStatus.WITHDRAWN)

    @property
    def asks(self) -> bool:
        """Whether it waits for an answer."""
        return self in (FindingStatus.WAITING, FindingStatus.RETURNED)


DECISIONS = (FindingAct.ACCEPTED, FindingAct.RETURNED, FindingAct.WITHDRAWN)
# The acts that may follow while an answer is awaited, and whether each needs a text.
WAITING = {FindingAct.ANSWERED: True, FindingAct.WITHDRAWN: True, FindingAct.EXTENDED: False}
DIALOGUE = Dialogue(
    undo=FindingAct.UNDONE,
    decisions=DECISIONS,
    sides=dict.fromkeys(FindingAct, Side.DECIDER) | {FindingAct.ANSWERED: Side.ASKED},
    allowed={
        None: WAITING,
        FindingAct.RETURNED: WAITING,
        FindingAct.ANSWERED: WAITING | {FindingAct.ACCEPTED: False, FindingAct.RETURNED: True},
        FindingAct.ACCEPTED: {},
        FindingAct.WITHDRAWN: {},
    },
)
undoable, check = DIALOGUE.undoable, DIALOGUE.check


def status(history: Sequence[Entry[FindingAct]]) -> FindingStatus:
    """Return the status of a finding with this history."""
    newest = DIALOGUE.standing(history)
    return FindingStatus(newest.what.value) if newest else FindingStatus.WAITING
