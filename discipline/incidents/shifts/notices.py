"""Tell the mayor of a handover that the next chief has not signed in time."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.core.wording import hour, name_of
from discipline.incidents.shifts.models import Handover, HandoverNotice, HandoverSignature, Shift
from discipline.incidents.shifts.shift_rule import SIGNED_WITHIN
from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from discipline.notices.models import Delivery
from discipline.notices.subjects import NoticeSubject, SubjectSource

PREFIX = "handover"
STALE = timedelta(hours=12)  # of a handover that has waited for so much longer no notice is queued


def notify_unsigned(now: datetime) -> int:
    """Queue notices of handovers that are unsigned for too long; return how many handovers they are about.

    Once for each handover, whoever runs this at the same time.
    """
    late = now - SIGNED_WITHIN
    waiting = Handover.objects.filter(signature=None, notice=None, made_at__lt=late, made_at__gte=late - STALE)
    done = 0
    for handover in waiting.select_related("shift", "by").defer("snapshot").order_by("pk"):
        with transaction.atomic():
            _notice, first = HandoverNotice.objects.get_or_create(handover=handover, defaults={"at": now})
            if first:
                _queue(handover, now)
                done += 1
    return done


class HandoverSubjects(SubjectSource):
    """Drops a notice of a handover that was signed before the notice was sent."""

    def current(self, pks: Collection[int], now: datetime) -> dict[int, NoticeSubject]:
        """Return nothing: the text of the notices is fixed when they are queued."""
        del pks, now  # unused
        return {}

    def obsolete(self, pk: int) -> str:
        """Return ANSWERED for a signed handover."""
        return Delivery.Why.ANSWERED if HandoverSignature.objects.filter(handover=pk).exists() else ""


def _queue(handover: Handover, now: datetime) -> None:
    current = Shift.objects.filter(ended_at=None).select_related("chief").first()

    def words() -> outbox.NoticeText:
        title = _("Serah terima %(squad)s belum ditandatangani") % {"squad": handover.shift.squad}
        body = _("Diserahkan %(name)s pukul %(at)s WIB.") % {"name": name_of(handover.by), "at": hour(handover.made_at)}
        if current:
            next_chief = _("Kepala giliran sekarang: %(name)s.") % {"name": name_of(current.chief)}
        else:
            next_chief = _("Tidak ada giliran yang berjalan.")
        return outbox.NoticeText(title, f"{body} {next_chief}", reverse("handover", args=[handover.pk]))

    outbox.queue_message(
        f"{PREFIX}:{handover.pk}", notice_rule.Topic.HANDOVER, words, None, now, roles=(notice_rule.MAYOR,)
    )
