"""Findings of spot checks as messages: to who is asked for an answer, and from each side to the other."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from discipline.core.wording import local, weekday
from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from discipline.spotchecks.findings.rule import FindingAct
from discipline.spotchecks.models import Finding, FindingWord, SpotMark


def notify_finding_opened(finding: Finding, now: datetime) -> int:
    """In the transaction that opens it, as all of these; returns how many messages were queued."""
    with translation.override("id"):
        title, until = _("Temuan sidak"), ""
        if finding.answer_by:
            until = " " + _("Jawab paling lambat %(day)s.") % {"day": weekday(local(finding.answer_by))}
    return _queue_notice(finding, f"finding:{finding.pk}", title, until, now, roles=_asked_roles(finding))


def notify_finding_word(word: FindingWord, now: datetime) -> int:
    """An answer goes to who checked, everything else to who is asked."""
    finding, matter = word.finding, f"findingword:{word.pk}"
    with translation.override("id"):
        title = _("Temuan sidak: %(what)s") % {"what": word.get_what_display()}
    if word.what == FindingAct.ANSWERED:
        return _queue_notice(finding, matter, title, "", now, users=[finding.stop.check_of.by_id])
    return _queue_notice(finding, matter, title, "", now, roles=_asked_roles(finding), not_to=word.by_id)


def _asked_roles(finding: Finding) -> list[str]:
    return [notice_rule.OPERATOR] if finding.stop.mark == SpotMark.CAMERA else [notice_rule.LURAH, notice_rule.CAMAT]


def _queue_notice(finding: Finding, matter: str, title: str, more: str, now: datetime, **to: Any) -> int:
    office = finding.stop.kelurahan
    with translation.override("id"):
        body = f"{finding.stop.get_mark_display()}, Kelurahan {office.name}.{more}"
    words = outbox.NoticeText(title, body, reverse("finding", args=[finding.pk]))
    return outbox.queue_message(matter, notice_rule.Topic.FINDING, words, office, now, **to)
