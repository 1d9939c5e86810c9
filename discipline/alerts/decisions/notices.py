"""Tells lurah and camat of each other's word: an explanation waits for a decision, a decision was made."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation

from discipline.alerts.decisions.rule import DECISIONS, DecisionAct
from discipline.alerts.models import Decision
from discipline.alerts.words import alert_word
from discipline.notices import outbox
from discipline.notices import rule as notice_rule

EXPLAINED = "Penjelasan menunggu keputusan"
UNDONE = "Keputusan diurungkan"


def queue_decision_notice(said: Decision, now: datetime) -> int:
    """To the other side, never to who said it. In the transaction that keeps the word. Returns how many messages."""
    alert = said.alert
    office = alert.counter.kelurahan
    explained = said.what == DecisionAct.EXPLAINED
    to = notice_rule.CAMAT if explained else notice_rule.LURAH
    with translation.override("id"):
        what = str(alert_word(alert.kind, alert.detail))
        title = EXPLAINED if explained else UNDONE
        if said.what in DECISIONS:
            title = f"Diputuskan: {DecisionAct(said.what).label}"
    words = outbox.NoticeText(
        title, f"{what}, {alert.counter.name}, Kelurahan {office.name}.", reverse("indication", args=[alert.pk])
    )
    return outbox.queue_message(
        f"decision:{said.pk}", notice_rule.Topic.DECISION, words, office, now, roles=[to], not_to=said.by_id
    )
