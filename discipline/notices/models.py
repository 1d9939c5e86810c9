"""What people are told of, on which devices, and what became of each message."""

from dataclasses import asdict
from datetime import time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.core.fields import CODE_LENGTH, CodeField
from discipline.notices import rule as notice_rule
from discipline.notices.channels import CHANNELS
from offices.places.models import Kecamatan, Kelurahan


def usual_digest() -> list[time]:
    return list(notice_rule.NOON_AND_CLOSING)


class NoticeRule(models.Model):
    """What one person has chosen. Without a row everything is as usual for the person's roles."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_rule")
    modes = models.JSONField(default=dict)  # rule.TOPICS → rule.Mode; a kind that is missing is as usual
    min_minutes = models.PositiveSmallIntegerField(_("kosong paling sedikit (menit)"), null=True, blank=True)
    quiet_from = models.TimeField(_("tenang dari"), null=True, blank=True)
    quiet_to = models.TimeField(_("sampai"), null=True, blank=True)
    digest_at = ArrayField(models.TimeField(), default=usual_digest)
    # Both empty: everything that the person sees.
    kecamatan = models.ManyToManyField(Kecamatan, related_name="+", blank=True, verbose_name=_("kecamatan"))
    kelurahan = models.ManyToManyField(Kelurahan, related_name="+", blank=True, verbose_name=_("kelurahan"))
    by_mail = models.BooleanField(_("kirim e-mail"), default=True)
    phone = models.CharField(_("nomor WhatsApp"), max_length=16, blank=True)  # E.164

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest_at__len__gte=1), name="notice_rule_has_a_digest_hour"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | (Q(quiet_from__isnull=False, quiet_to__isnull=False) & ~Q(quiet_from=F("quiet_to"))),
                name="notice_rule_quiet_has_two_ends",
            ),
        ]

    def wish(self) -> notice_rule.NoticePreferences:
        return notice_rule.NoticePreferences(
            modes={kind: notice_rule.Mode(mode) for kind, mode in self.modes.items()},
            min_minutes=self.min_minutes,
            quiet=notice_rule.QuietHours(self.quiet_from, self.quiet_to) if self.quiet_from and self.quiet_to else None,
            digest_at=tuple(self.digest_at),
        )


class Escalation(models.Model):
    """The numbers of rule.EscalationDelays for the whole city: one row, or none for the defaults."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    lurah = models.PositiveSmallIntegerField(_("lurah setelah (menit)"), default=0)
    camat = models.PositiveSmallIntegerField(_("camat setelah (menit)"), default=15)
    mayor = models.PositiveSmallIntegerField(_("Wali Kota setelah (menit)"), default=60)

    class Meta:
        verbose_name = verbose_name_plural = _("eskalasi pemberitahuan")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="escalation_only_one"),
            models.CheckConstraint(
                condition=Q(lurah__lte=F("camat"), camat__lte=F("mayor")),
                name="escalation_goes_up",
                violation_error_message=_("Camat tidak diberi tahu sebelum lurah, Wali Kota tidak sebelum camat."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> notice_rule.EscalationDelays:
        values = cls.objects.values(*asdict(notice_rule.EscalationDelays())).first()
        return notice_rule.EscalationDelays(**values) if values else notice_rule.EscalationDelays()


class Device(models.Model):
    """A browser that takes web push for one person, until it is revoked or its push service says that it is gone."""

    class Ended(models.TextChoices):
        REVOKED = "revoked", _("dicabut")
        GONE = "gone", _("tidak lagi menerima")
        MOVED = "moved", _("dipakai akun lain")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    endpoint = models.TextField()
    p256dh = models.CharField(max_length=100)  # its public key, base64url
    auth = models.CharField(max_length=40)  # what it shares with us, base64url
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    last_success_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=8, choices=Ended.choices, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint"], condition=Q(ended_at=None), name="device_of_one_person"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="device_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message about one matter to one person by one channel, and what became of it. Also the outbox.

    Each device is a channel of its own. A queued row is sent when due_at has passed, unless somebody claimed it and
    claimed_until has not; of a sender that died the claim runs out, and the row is taken again.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Menunggu")
        SENT = "sent", _("Terkirim")
        FAILED = "failed", _("Gagal")
        SKIPPED = "skipped", _("Tidak dikirim")

    class Why(models.TextChoices):
        """Why a message is not sent any more."""

        ENDED = "ended", _("sudah berakhir")
        ANSWERED = "answered", _("sudah dijawab")
        WITHDRAWN = "withdrawn", _("ditarik kembali")
        SCOPE = "scope", _("di luar wilayah Anda")
        OFF = "off", _("dimatikan dalam aturan")
        ADDRESS = "address", _("alamat atau perangkat tidak ada lagi")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deliveries")
    matter = models.CharField(max_length=40)  # "alert:123", "incident:4", "decision:9"
    kind = CodeField(max_length=CODE_LENGTH, choices=[(code, one.label) for code, one in notice_rule.TOPICS.items()])
    channel = CodeField(max_length=CODE_LENGTH, choices=[(code, one.label) for code, one in CHANNELS.items()])
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="deliveries")
    kelurahan = models.ForeignKey(Kelurahan, models.CASCADE, null=True, related_name="+")  # None: of the whole city
    # The words, of what is told as it was when it was queued; an indication is worded when it is sent.
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=200, blank=True)  # a path of this site
    gathered = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    why = models.CharField(max_length=300, blank=True)  # a Why where it was skipped, else the last error
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)  # sent, given up or skipped

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("pengiriman")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "matter", "channel", "device"], nulls_distinct=False, name="delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(channel="push", device__isnull=False) | (~Q(channel="push") & Q(device=None)),
                name="delivery_push_has_a_device",
            ),
            models.CheckConstraint(
                condition=Q(state="queued", ended_at=None) | (~Q(state="queued") & Q(ended_at__isnull=False)),
                name="delivery_ends_when_it_ends",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="queued"), name="delivery_outbox")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.matter}"

    @property
    def why_word(self) -> str:
        return str(dict(self.Why.choices).get(self.why, self.why))
