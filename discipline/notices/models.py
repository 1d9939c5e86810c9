"""Models of notices: preferences, escalation, devices, and deliveries, which are also the outbox."""

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
from offices.places.models import Kecamatan, Kelurahan, Place


def usual_digest() -> list[time]:
    """Return the default of NoticeRule.digest_at; migrations refer to it by name."""
    return list(notice_rule.NOON_AND_CLOSING)


class NoticeRule(models.Model):
    """One user's preferences. Users without a row have the defaults of their roles."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_rule")
    modes = models.JSONField(default=dict)  # rule.TOPICS → rule.Mode; a missing topic has the roles' usual mode
    min_minutes = models.PositiveSmallIntegerField(_("kosong paling sedikit (menit)"), null=True, blank=True)
    quiet_from = models.TimeField(_("tenang dari"), null=True, blank=True)
    quiet_to = models.TimeField(_("sampai"), null=True, blank=True)
    digest_at = ArrayField(models.TimeField(), default=usual_digest)
    # Notices are limited to these; both empty: all that the user may see.
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
        """Return the preferences as the rules read them."""
        return notice_rule.NoticePreferences(
            modes={kind: notice_rule.Mode(mode) for kind, mode in self.modes.items()},
            min_minutes=self.min_minutes,
            quiet=notice_rule.QuietHours(self.quiet_from, self.quiet_to) if self.quiet_from and self.quiet_to else None,
            digest_at=tuple(self.digest_at),
        )


class Escalation(models.Model):
    """The city's rule.EscalationDelays: one row, or none for the defaults."""

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
        """Return the delays in force. One query."""
        values = cls.objects.values(*asdict(notice_rule.EscalationDelays())).first()
        return notice_rule.EscalationDelays(**values) if values else notice_rule.EscalationDelays()


class Device(models.Model):
    """A browser that takes web push for one user, until it is revoked or its push service reports it gone."""

    class Ended(models.TextChoices):
        """Why no more messages are pushed to the device."""

        REVOKED = "revoked", _("dicabut")
        GONE = "gone", _("tidak lagi menerima")
        MOVED = "moved", _("dipakai akun lain")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    endpoint = models.TextField()
    p256dh = models.CharField(max_length=100)  # the browser's public key, base64url (RFC 8291)
    auth = models.CharField(max_length=40)  # the authentication secret, base64url (RFC 8291)
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
    """One message about one subject to one user through one channel, and its outcome. Also the outbox.

    A user has one row per device. A queued row is sent when due_at has passed, unless a worker has claimed it until a
    later claimed_until. If the worker dies, the claim expires and another takes the row.
    """

    class State(models.TextChoices):
        """Whether the message is in the outbox, or how it ended."""

        QUEUED = "queued", _("Menunggu")
        SENT = "sent", _("Terkirim")
        FAILED = "failed", _("Gagal")
        SKIPPED = "skipped", _("Tidak dikirim")

    class Why(models.TextChoices):
        """Why a message was skipped."""

        ENDED = "ended", _("sudah berakhir")
        ANSWERED = "answered", _("sudah dijawab")
        WITHDRAWN = "withdrawn", _("ditarik kembali")
        SCOPE = "scope", _("di luar wilayah Anda")
        OFF = "off", _("dimatikan dalam aturan")
        ADDRESS = "address", _("alamat atau perangkat tidak ada lagi")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deliveries")
    # Such as "alert:123", "incident:4", "decision:9".
    subject_key = models.CharField(_("perihal"), max_length=40, db_column="matter")
    kind = CodeField(
        max_length=CODE_LENGTH, choices=[(code, topic.label) for code, topic in notice_rule.TOPICS.items()]
    )
    channel = CodeField(max_length=CODE_LENGTH, choices=[(code, row.label) for code, row in CHANNELS.items()])
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="deliveries")
    place = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")  # of an office; None: the whole city
    # Set when queued for messages with a text of their own; empty where the text is made when the message is sent.
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=200, blank=True)  # a path of this site
    gathered = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    why = models.CharField(max_length=300, blank=True)  # a Why if the message was skipped, else the last error
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)  # when it was sent, failed for good or was skipped

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("pengiriman")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "subject_key", "channel", "device"], nulls_distinct=False, name="delivery_once"
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
        return f"{self.get_channel_display()} {self.subject_key}"

    @property
    def why_word(self) -> str:
        """Label of the Why, or the error as it is."""
        return str(dict(self.Why.choices).get(self.why, self.why))
