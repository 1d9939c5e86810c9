"""The reports that come by mail, in words, and how they stand for one person."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.reports.mail import subscriptions
from discipline.reports.mail.models import ReportMail
from discipline.reports.numbers.period import PeriodKind

KINDS: dict[PeriodKind, Any] = {
    PeriodKind.DAY: _("Laporan harian"),
    PeriodKind.WEEK: _("Laporan mingguan"),
    PeriodKind.MONTH: _("Laporan bulanan"),
}
WHEN: dict[PeriodKind, Any] = {
    PeriodKind.DAY: _("Pukul 06.30 WIB sesudah setiap hari layanan"),
    PeriodKind.WEEK: _("Senin pukul 06.30 WIB, tentang minggu lalu"),
    PeriodKind.MONTH: _("Tanggal 1 pukul 06.30 WIB, tentang bulan lalu"),
}


@dataclass(frozen=True, slots=True)
class MailChoice:
    """`last`: what became of the newest one that was due."""

    kind: PeriodKind
    name: Any
    when: Any
    on: bool
    last: ReportMail | None


def mail_choices(user: int) -> list[MailChoice]:
    """Three queries."""
    wishes = subscriptions.subscriptions_of(user)
    newest = ReportMail.objects.filter(user=user).order_by("kind", "-pk").distinct("kind")
    last = {mail.kind: mail for mail in newest}
    return [
        MailChoice(kind, KINDS[kind], WHEN[kind], wishes[kind], last.get(kind.value)) for kind in subscriptions.FIELDS
    ]
