"""Notify of the deadlines of residents' reports: one message a morning to those who act on them."""

from datetime import date, datetime, time
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.complaints.finding import DUE, ENDED
from discipline.complaints.models import Complaint
from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from discipline.notices.models import Delivery
from offices.hours.schedule import DAY, ZONE, local_day

# Local time. A deadline ends with its day, so that there is a working day left. Later than UNTIL none is sent.
FROM, UNTIL = time(7, 30), time(12)


def notify_deadlines(now: datetime) -> int:
    """Queue this morning's messages about reports that are late or due today; return how many messages.

    Operators hear of reports that the public may read, the inspectorate of private ones, each only of numbers. Calling
    it again that morning queues nothing.
    """
    if not FROM <= now.astimezone(ZONE).time() < UNTIL:
        return 0
    today = local_day(now)
    queued = 0
    for role, private in ((notice_rule.OPERATOR, False), (notice_rule.INSPECTOR, True)):
        key = f"complaints:{today}:{role}"
        if Delivery.objects.filter(subject_key=key).exists():
            continue
        late, due_today = _count(today, private=private)
        if late or due_today:
            words = partial(_words, late, due_today, private=private)
            queued += outbox.queue_message(key, notice_rule.Topic.COMPLAINT, words, None, now, roles=(role,))
    return queued


def _count(today: date, *, private: bool) -> tuple[int, int]:
    """Return how many deadlines have passed, and how many end with today."""
    begin = datetime.combine(today, time(), tzinfo=ZONE)
    waiting = Complaint.objects.exclude(state__in=ENDED).filter(private=private).annotate(due=DUE)
    late = waiting.filter(due__lte=begin).count()
    return late, waiting.filter(due__gt=begin, due__lte=begin + DAY).count()


def _words(late: int, due_today: int, *, private: bool) -> outbox.NoticeText:
    parts = []
    if late:
        parts.append(ngettext("%(n)s melewati tenggat", "%(n)s melewati tenggat", late) % {"n": late})
    if due_today:
        parts.append(ngettext("%(n)s berakhir hari ini", "%(n)s berakhir hari ini", due_today) % {"n": due_today})
    what = {"what": ", ".join(parts)}
    title = _("Laporan warga tertutup: %(what)s") % what if private else _("Laporan warga: %(what)s") % what
    body = _("Tenggat SP4N-LAPOR: diverifikasi dalam 3 hari kerja, ditanggapi dalam 5 hari kerja berikutnya.")
    return outbox.NoticeText(title, body, reverse("complaints"))
