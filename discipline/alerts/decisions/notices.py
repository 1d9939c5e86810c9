"""Notify who decides of explanations that await a decision, and who explains of decisions."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation

from discipline.alerts.decisions.rule import DECISIONS, DecisionAct
from discipline.alerts.models import Decision
from discipline.alerts.words import alert_word
from discipline.notices import outbox
from discipline.notices import rule as notice_rule

EXPLAINED = "Penjelasan menunggu keputusan"
NEW_LETTER = "Surat baru atas keputusan Anda"
UNDONE = "Keputusan diurungkan"
UPHELD = "Penjelasan baru dibaca, keputusan tetap"


def queue_decision_notice(decision: Decision, now: datetime) -> int:
    """Queue messages to the other side, never to the author; return how many.

    Call it in the transaction that stores the decision.
    """
    alert = decision.alert
    office = alert.counter.office
    explained = decision.what == DecisionAct.EXPLAINED
    role = notice_rule.DECIDER if explained else notice_rule.ASKED
    with translation.override("id"):
        name = str(alert_word(alert.kind, alert.detail))
        title = UPHELD if decision.what == DecisionAct.UPHELD else UNDONE
        if explained:
            title = NEW_LETTER if alert.outcome else EXPLAINED
        if decision.what in DECISIONS:
            title = f"Diputuskan: {DecisionAct(decision.what).label}"
    text = outbox.NoticeText(
        title, f"{name}, {alert.counter.name}, {office.office_title}.", reverse("indication", args=[alert.pk])
    )
    return outbox.queue_message(
        f"decision:{decision.pk}", notice_rule.Topic.DECISION, text, office, now, roles=[role], not_to=decision.by_id
    )
