"""Messages about findings of spot checks, to those who are asked for an answer and to those who checked."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.core.wording import deadline
from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from discipline.spotchecks.findings.rule import FindingAct
from discipline.spotchecks.models import Finding, FindingWord, SpotMark


def notify_finding_opened(finding: Finding, now: datetime) -> int:
    """Queue messages to those who are asked, in the transaction that opens the finding. Return how many were queued."""

    def words() -> tuple[str, str]:
        until = _("Jawab paling lambat %(day)s.") % {"day": deadline(finding.answer_by)} if finding.answer_by else ""
        return _("Temuan inspeksi"), until

    return _queue_notice(finding, f"finding:{finding.pk}", words, now, roles=_asked_roles(finding))


def notify_finding_word(word: FindingWord, now: datetime) -> int:
    """Queue messages about a new word, in its transaction: an answer to the maker of the check, any other to those who
    are asked. Return how many were queued.
    """
    finding, key = word.finding, f"findingword:{word.pk}"

    def words() -> tuple[str, str]:
        return _("Temuan inspeksi: %(what)s") % {"what": word.get_what_display()}, ""

    if word.what == FindingAct.ANSWERED:
        return _queue_notice(finding, key, words, now, users=[finding.stop.check_of.by_id])
    return _queue_notice(finding, key, words, now, roles=_asked_roles(finding), not_to=word.by_id)


def _asked_roles(finding: Finding) -> list[str]:
    if finding.stop.mark == SpotMark.CAMERA:
        return [notice_rule.OPERATOR]
    # At a kecamatan office DECIDER is the mayor, who made the check.
    return [notice_rule.ASKED, notice_rule.DECIDER] if finding.stop.kelurahan_id else [notice_rule.ASKED]


def _queue_notice(
    finding: Finding,
    key: str,
    words: Callable[[], tuple[str, str]],
    now: datetime,
    *,
    users: Collection[int] | None = None,
    roles: Collection[str] | None = None,
    not_to: int | None = None,
) -> int:
    """Queue a message. `words` returns its title and the end of its body. The recipients are those of
    outbox.queue_message.
    """
    office = finding.stop.office

    def text() -> outbox.NoticeText:
        title, more = words()
        body = f"{finding.stop.get_mark_display()}, {office.office_title}. {more}".rstrip()
        return outbox.NoticeText(title, body, reverse("finding", args=[finding.pk]))

    topic = notice_rule.Topic.FINDING
    return outbox.queue_message(key, topic, text, office, now, users=users, roles=roles, not_to=not_to)
