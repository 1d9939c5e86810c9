"""The words for reports by mail, and one user's choice of them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from discipline.reports.mail import subscriptions
from discipline.reports.mail.kinds import MailKind
from discipline.reports.mail.models import ReportMail
from offices.access.gate import User, scope_of

KINDS: dict[MailKind, str | Promise] = {
    MailKind.DAY: _("Laporan harian"),
    MailKind.WEEK: _("Laporan mingguan"),
    MailKind.MONTH: _("Laporan bulanan"),
    MailKind.INCIDENTS: _("Angka kejadian bulanan"),
}
WHEN: dict[MailKind, str | Promise] = {
    MailKind.DAY: _("Pukul 06.30 WIB sesudah setiap hari layanan"),
    MailKind.WEEK: _("Senin pukul 06.30 WIB, tentang minggu lalu"),
    MailKind.MONTH: _("Tanggal 1 pukul 06.30 WIB, tentang bulan lalu"),
    MailKind.INCIDENTS: _("Tanggal 1 pukul 06.30 WIB, tentang bulan lalu; PDF dan Excel"),
}


@dataclass(frozen=True, slots=True)
class MailChoice:
    """One kind of report; `on`: the user gets it, `last`: the newest mail of it, or None."""

    kind: MailKind
    name: str | Promise
    when: str | Promise
    on: bool
    last: ReportMail | None


def mail_choices(user: User) -> list[MailChoice]:
    """Return each kind that the user can choose, with the choice and the newest mail. At most eight queries."""
    wishes = subscriptions.subscriptions_of(user.pk or 0)
    newest = ReportMail.objects.filter(user=user.pk).order_by("kind", "-pk").distinct("kind")
    last = {mail.kind: mail for mail in newest}
    return [
        MailChoice(kind, KINDS[kind], WHEN[kind], wishes[kind], last.get(kind.value))
        for kind in subscriptions.offered_to(scope_of(user))
    ]
