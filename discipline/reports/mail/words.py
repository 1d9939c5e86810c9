"""The reports that come by mail, in words, and how they stand for one person."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.reports.mail import subscriptions
from discipline.reports.mail.models import ReportMail
from discipline.reports.numbers.period import Kind

KINDS: dict[Kind, Any] = {
    Kind.DAY: _("Laporan harian"),
    Kind.WEEK: _("Laporan mingguan"),
    Kind.MONTH: _("Laporan bulanan"),
}
WHEN: dict[Kind, Any] = {
    Kind.DAY: _("Pukul 06.30 WIB sesudah setiap hari layanan"),
    Kind.WEEK: _("Senin pukul 06.30 WIB, tentang minggu lalu"),
    Kind.MONTH: _("Tanggal 1 pukul 06.30 WIB, tentang bulan lalu"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """`last`: what became of the newest one that was due."""

    kind: Kind
    name: Any
    when: Any
    on: bool
    last: ReportMail | None


def choices(user: int) -> list[Choice]:
    """Three queries."""
    wishes = subscriptions.wishes(user)
    newest = ReportMail.objects.filter(user=user).order_by("kind", "-pk").distinct("kind")
    last = {mail.kind: mail for mail in newest}
    return [Choice(kind, KINDS[kind], WHEN[kind], wishes[kind], last.get(kind.value)) for kind in subscriptions.FIELDS]
