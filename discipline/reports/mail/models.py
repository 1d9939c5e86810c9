"""Reports that go out by mail by themselves: who wants which, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReportSubscription(models.Model):
    """What one person has chosen. Without a row a camat gets all three, and nobody else any."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="report_wish")
    daily = models.BooleanField(default=False)
    weekly = models.BooleanField(default=False)
    monthly = models.BooleanField(default=False)


class ReportMail(models.Model):
    """One report to one person: the database refuses the second row, so it is sent once whenever the beat ran.

    A waiting row is taken up when next_try_at has passed. Who takes it up sets that ahead, so that nobody else does,
    and so that it comes back if its sender dies.
    """

    class Kind(models.TextChoices):  # numbers.period.PeriodKind
        DAILY = "hari", _("Harian")
        WEEKLY = "minggu", _("Mingguan")
        MONTHLY = "bulan", _("Bulanan")

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        SENT = "sent", _("Terkirim")
        FAILED = "failed", _("Gagal")
        SKIPPED = "skipped", _("Tidak dikirim")

    class Why(models.TextChoices):
        """Why a report is not sent any more."""

        INACTIVE = "inactive", _("akun tidak aktif")
        SCOPE = "scope", _("di luar wilayah Anda")
        OFF = "off", _("dimatikan")
        ADDRESS = "address", _("belum ada alamat e-mail")
        NO_DUTY = "no_duty", _("tidak ada jam layanan")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="report_mails")
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind.choices)
    period = models.CharField(_("periode"), max_length=24)  # reports.period.Period.key
    place = models.CharField(_("tempat"), max_length=24)  # numbers.places.OrgUnit.key
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(_("keterangan"), max_length=300, blank=True)  # a Why where it was skipped, else the error
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # sent, given up or skipped

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("laporan lewat e-mail")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "period", "place"], name="report_mail_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="report_mail_ends_when_it_ends",
            ),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="report_mail_outbox")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place} {self.period}"

    @property
    def why_word(self) -> str:
        return str(dict(self.Why.choices).get(self.why, self.why))
