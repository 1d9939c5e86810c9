"""Notify who decides of explanations that await a decision, and who explains of decisions."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.alerts.decisions.rule import DECISIONS, DecisionAct
from discipline.alerts.models import Decision
from discipline.alerts.words import alert_word
from discipline.notices import outbox
from discipline.notices import rule as notice_rule


def queue_decision_notice(decision: Decision, now: datetime) -> int:
    """Queue messages to the other side, never to the author; return how many.

    Call it in the transaction that stores the decision.
    """
    alert = decision.alert
    office = alert.counter.office
    explained = decision.what == DecisionAct.EXPLAINED
    role = notice_rule.DECIDER if explained else notice_rule.ASKED

    def text() -> outbox.NoticeText:
        name = alert_word(alert.kind, alert.detail)
        body = f"{name}, {alert.counter.name}, {office.office_title}."
        return outbox.NoticeText(_title(decision), body, reverse("indication", args=[alert.pk]))

    return outbox.queue_message(
        f"decision:{decision.pk}", notice_rule.Topic.DECISION, text, office, now, roles=[role], not_to=decision.by_id
    )


def _title(decision: Decision) -> str:
    if decision.what == DecisionAct.EXPLAINED:
        return _("Surat baru atas keputusan Anda") if decision.alert.outcome else _("Penjelasan menunggu keputusan")
    if decision.what in DECISIONS:
        return _("Diputuskan: %(what)s") % {"what": DecisionAct(decision.what).label}
    if decision.what == DecisionAct.UPHELD:
        return _("Penjelasan baru dibaca, keputusan tetap")
    return _("Keputusan diurungkan")
