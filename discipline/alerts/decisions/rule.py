"""The dialogue about an indication: the lurah explains, the camat decides; and until when to explain. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode
from discipline.core.dialogue import Dialogue, Entry, Side

WORKING_DAYS = 3  # to explain in, after the day it was raised
FARTHEST_DAYS = 60  # no run of holidays is longer


class DecisionAct(LabelledCode):
    """What can be said to an indication. DECISIONS are its possible outcomes."""

    EXPLAINED = "explained", _("Dijelaskan")
    CONFIRMED = "confirmed", _("Dikonfirmasi")
    EXCUSED = "excused", _("Dengan izin")
    FALSE_ALARM = "false_alarm", _("Alarm keliru")
    UNDONE = "undone", _("Diurungkan")


DECISIONS = (DecisionAct.CONFIRMED, DecisionAct.EXCUSED, DecisionAct.FALSE_ALARM)
# Explaining is always possible. A decision may be replaced by another one, which must give its reason.
DIALOGUE = Dialogue(
    undo=DecisionAct.UNDONE,
    decisions=DECISIONS,
    sides=dict.fromkeys((*DECISIONS, DecisionAct.UNDONE), Side.DECIDER) | {DecisionAct.EXPLAINED: Side.ASKED},
    allowed={
        None: dict.fromkeys((DecisionAct.EXPLAINED, *DECISIONS), False),
        **{
            standing: {DecisionAct.EXPLAINED: False} | {act: True for act in DECISIONS if act is not standing}
            for standing in DECISIONS
        },
    },
)
standing, undoable, check = DIALOGUE.standing, DIALOGUE.undoable, DIALOGUE.check


def explained(history: Sequence[Entry[DecisionAct]]) -> bool:
    return any(entry.what is DecisionAct.EXPLAINED for entry in history)


def deadline(raised: date, works: Callable[[date], bool]) -> date:
    """Return the third working day after the day it was raised. `works(day)` tells the office's working days."""
    return _walk(raised, timedelta(days=1), WORKING_DAYS, works)


def reminder(last: date, works: Callable[[date], bool]) -> date:
    """Return the working day before the last on which one may explain: Friday for a Monday."""
    return _walk(last, timedelta(days=-1), 1, works)


def _walk(day: date, step: timedelta, left: int, works: Callable[[date], bool]) -> date:
    for _n in range(FARTHEST_DAYS):
        day += step
        left -= works(day)
        if left == 0:
            break
    return day
