"""Reports by mail: the subscriptions of users, and the outbox with the outcome of each mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReportSubscription(models.Model):
    """One user's choice. Without a row a camat gets those about presence, other users none.

    incidents: the month's numbers of incidents, of another room.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="report_wish")
    daily = models.BooleanField(default=False)
    weekly = models.BooleanField(default=False)
    monthly = models.BooleanField(default=False)
    incidents = models.BooleanField(default=False, db_default=False)


class ReportMail(models.Model):
    """One report to one user; the constraint `report_mail_once` keeps it from being queued twice.

    A waiting row may be claimed once next_try_at has passed. The claim moves next_try_at ahead, so that no other
    worker takes the row, and the row becomes due again if its worker dies.
    """

    class Kind(models.TextChoices):  # kinds.MailKind
        DAILY = "hari", _("Harian")
        WEEKLY = "minggu", _("Mingguan")
        MONTHLY = "bulan", _("Bulanan")
        INCIDENTS = "kejadian", _("Angka kejadian")

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        SENT = "sent", _("Terkirim")
        FAILED = "failed", _("Gagal")
        SKIPPED = "skipped", _("Tidak dikirim")

    class Why(models.TextChoices):
        """Why a mail was skipped."""

        INACTIVE = "inactive", _("akun tidak aktif")
        SCOPE = "scope", _("di luar wilayah Anda")
        OFF = "off", _("dimatikan")
        ADDRESS = "address", _("belum ada alamat e-mail")
        NO_DUTY = "no_duty", _("tidak ada jam layanan")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="report_mails")
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind.choices)
    period = models.CharField(_("periode"), max_length=24)  # numbers.period.Period.key
    place = models.CharField(_("tempat"), max_length=24)  # of an OrgUnit or OtherReport
    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(_("keterangan"), max_length=300, blank=True)  # a Why if skipped, else the last error
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # when it was sent, failed or skipped

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
        """The reason in words, or the error itself."""
        return str(dict(self.Why.choices).get(self.why, self.why))
