"""The dialogue about an indication, in which the lurah explains and the camat decides, and its deadline. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode
from discipline.core.dialogue import Dialogue, Entry, Side

WORKING_DAYS = 3  # time to explain, after the day the indication was raised
FARTHEST_DAYS = 60  # give up the search for working days after so many days: no run of holidays is longer


class DecisionAct(LabelledCode):
    """What a user can do about an indication. DECISIONS are its possible outcomes."""

    EXPLAINED = "explained", _("Dijelaskan")
    CONFIRMED = "confirmed", _("Dikonfirmasi")
    EXCUSED = "excused", _("Dengan izin")
    FALSE_ALARM = "false_alarm", _("Alarm keliru")
    UNDONE = "undone", _("Diurungkan")
    UPHELD = "upheld", _("Keputusan tetap")  # after a letter that came when it was decided


DECISIONS = (DecisionAct.CONFIRMED, DecisionAct.EXCUSED, DecisionAct.FALSE_ALARM)
# Explaining is always allowed. A decision may be replaced by a different one, which needs a text.
DIALOGUE = Dialogue(
    undo=DecisionAct.UNDONE,
    decisions=DECISIONS,
    sides=dict.fromkeys(DecisionAct, Side.DECIDER) | {DecisionAct.EXPLAINED: Side.ASKED},
    allowed={
        None: dict.fromkeys((DecisionAct.EXPLAINED, *DECISIONS), False),
        **{
            standing: {DecisionAct.EXPLAINED: False, DecisionAct.UPHELD: False}
            | {act: True for act in DECISIONS if act is not standing}
            for standing in DECISIONS
        },
    },
)
standing, undoable, check = DIALOGUE.standing, DIALOGUE.undoable, DIALOGUE.check


def has_new_letter(history: Sequence[Entry[DecisionAct]]) -> bool:
    """Return whether it is decided and the lurah has explained since, with no answer of the camat yet."""
    return bool(history) and history[-1].what is DecisionAct.EXPLAINED and standing(history) is not None


def deadline(raised: date, works: Callable[[date], bool]) -> date:
    """Return the third working day after `raised`. `works(day)` is whether the office works on that day."""
    return _walk(raised, timedelta(days=1), WORKING_DAYS, works)


def reminder(last: date, works: Callable[[date], bool]) -> date:
    """Return the working day before `last`, the last day to explain: Friday for a Monday."""
    return _walk(last, timedelta(days=-1), 1, works)


def _walk(day: date, step: timedelta, left: int, works: Callable[[date], bool]) -> date:
    for _n in range(FARTHEST_DAYS):
        day += step
        left -= works(day)
        if left == 0:
            break
    return day
