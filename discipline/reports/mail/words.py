"""The words for reports by mail, and one user's choice of them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from discipline.reports.mail import subscriptions
from discipline.reports.mail.models import ReportMail
from discipline.reports.numbers.period import PeriodKind

KINDS: dict[PeriodKind, str | Promise] = {
    PeriodKind.DAY: _("Laporan harian"),
    PeriodKind.WEEK: _("Laporan mingguan"),
    PeriodKind.MONTH: _("Laporan bulanan"),
}
WHEN: dict[PeriodKind, str | Promise] = {
    PeriodKind.DAY: _("Pukul 06.30 WIB sesudah setiap hari layanan"),
    PeriodKind.WEEK: _("Senin pukul 06.30 WIB, tentang minggu lalu"),
    PeriodKind.MONTH: _("Tanggal 1 pukul 06.30 WIB, tentang bulan lalu"),
}


@dataclass(frozen=True, slots=True)
class MailChoice:
    """One kind of report; `on`: the user gets it, `last`: the newest mail of it, or None."""

    kind: PeriodKind
    name: str | Promise
    when: str | Promise
    on: bool
    last: ReportMail | None


def mail_choices(user: int) -> list[MailChoice]:
    """Return each kind with the user's choice and newest mail. Three queries."""
    wishes = subscriptions.subscriptions_of(user)
    newest = ReportMail.objects.filter(user=user).order_by("kind", "-pk").distinct("kind")
    last = {mail.kind: mail for mail in newest}
    return [
        MailChoice(kind, KINDS[kind], WHEN[kind], wishes[kind], last.get(kind.value)) for kind in subscriptions.FIELDS
    ]
