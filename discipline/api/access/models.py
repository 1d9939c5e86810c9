"""API clients (other systems of the city) with their scope, token and limits, and their webhooks."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.alerts.models import Alert, Decision
from discipline.complaints.models import ComplaintStep
from discipline.core.codes import LabelledCode
from discipline.core.fields import CODE_LENGTH
from discipline.incidents.models import IncidentStep
from discipline.incidents.tasks.models import TaskStep
from offices.places.models import Agency, Kecamatan, Kelurahan
from streams.secrets import SecretTextField

MOST_A_MINUTE = 6000
SOON = timedelta(days=14)
STEPS = ("incident_step", "task_step", "complaint_step")
NO_STEP = Q(incident_step=None, task_step=None, complaint_step=None)
ONE_STEP = reduce(or_, (Q(**{f"{one}__isnull": other != one for one in STEPS}) for other in STEPS))


class ApiRight(LabelledCode):
    """What a client may do, within its areas."""

    COUNTERS = "counters", _("Membaca kantor, keadaan loket, indikasi, dan laporan")
    INCIDENTS = "incidents", _("Membaca kejadian dan tugas")
    COMPLAINTS = "complaints", _("Membaca laporan warga yang tidak rahasia")
    OPEN_INCIDENTS = "open_incidents", _("Membuka kejadian")
    FILE_COMPLAINTS = "file_complaints", _("Meneruskan laporan warga (Open311)")


class HookTopic(LabelledCode):
    """What a webhook is notified of. The code begins the names of its events."""

    INDICATION = "indication", _("Indikasi loket")
    INCIDENT = "incident", _("Kejadian")
    TASK = "task", _("Tugas instansi")
    COMPLAINT = "complaint", _("Laporan warga")

    @property
    def right(self) -> ApiRight:
        """What the client must be allowed to read."""
        return _RIGHT_OF[self]


_RIGHT_OF = {
    HookTopic.INDICATION: ApiRight.COUNTERS,
    HookTopic.INCIDENT: ApiRight.INCIDENTS,
    HookTopic.TASK: ApiRight.INCIDENTS,
    HookTopic.COMPLAINT: ApiRight.COMPLAINTS,
}


EVENTS_OF = {
    HookTopic.INDICATION: ("opened", "ended", "decided", "withdrawn"),
    **dict.fromkeys((HookTopic.INCIDENT, HookTopic.TASK, HookTopic.COMPLAINT), ("opened", "changed", "closed")),
}


def usual_rights() -> list[str]:
    """Return the rights of a client for which none were chosen."""
    return [ApiRight.COUNTERS.value]


def usual_topics() -> list[str]:
    """Return the topics of a webhook for which none were chosen."""
    return [HookTopic.INDICATION.value]


class ApiClient(models.Model):
    """A system that uses the API with a token, of which only the hash and the first characters are stored.

    - rights: codes of ApiRight.
    - agencies: it reads the tasks of these, the incidents they are about, and reports about their points.

    A client with neither `city` nor a kecamatan, kelurahan or agency sees nothing.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Aktif")
        EXPIRED = "expired", _("Kedaluwarsa")
        REVOKED = "revoked", _("Dicabut")

    name = models.CharField(_("nama sistem"), max_length=80, unique=True)
    purpose = models.CharField(_("tujuan"), max_length=300)
    contact = models.CharField(_("narahubung"), max_length=120)
    city = models.BooleanField(_("seluruh kota"), default=False)
    kecamatan = models.ManyToManyField(Kecamatan, related_name="+", blank=True, verbose_name=_("kecamatan"))
    kelurahan = models.ManyToManyField(Kelurahan, related_name="+", blank=True, verbose_name=_("kelurahan"))
    agencies = models.ManyToManyField(Agency, related_name="+", blank=True, verbose_name=_("instansi"))
    rights = ArrayField(models.CharField(max_length=CODE_LENGTH), verbose_name=_("hak"), default=usual_rights)
    per_minute = models.PositiveSmallIntegerField(
        _("permintaan per menit"), default=60, validators=[MinValueValidator(1), MaxValueValidator(MOST_A_MINUTE)]
    )
    token_start = models.CharField(max_length=16)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)  # last change of its scope, expiry, rate or token after creation
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    last_used_at = models.DateTimeField(null=True)  # to the minute, to save a write for every request

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("klien API")
        constraints = [
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="api_client_may_ask"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="api_client_expires_after_made"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_client_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def right_words(self) -> list[str]:
        """Its rights in words, in the order of ApiRight."""
        return [str(right.label) for right in ApiRight if right.value in self.rights]

    def status(self, now: datetime) -> "ApiClient.Status":
        """Return whether the token is valid, expired or revoked."""
        if self.revoked_at:
            return self.Status.REVOKED
        return self.Status.EXPIRED if self.expires_at <= now else self.Status.ACTIVE

    def expires_soon(self, now: datetime) -> bool:
        """Return whether a valid token expires within SOON."""
        return self.status(now) == self.Status.ACTIVE and self.expires_at <= now + SOON


class Webhook(models.Model):
    """A URL of a client to which events are posted until it is stopped. about: codes of HookTopic."""

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="webhooks")
    url = models.CharField(_("alamat"), max_length=500)
    about = ArrayField(models.CharField(max_length=CODE_LENGTH), verbose_name=_("peristiwa"), default=usual_topics)
    secret = SecretTextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    # Why deliveries stopped it, e.g. an answer of 410; empty when a person did.
    stopped_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "url"], condition=Q(stopped_at=None), name="webhook_once_per_client"
            )
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def topic_words(self) -> list[str]:
        """What it is notified of, in words."""
        return [str(topic.label) for topic in HookTopic if topic.value in self.about]


class WebhookCall(models.Model):
    """The delivery of one event to one webhook. The rows in state QUEUED are the outbox.

    An event is of an indication, or of an incident, task or resident's report, which then is the step that was taken.
    A queued call is sent once due_at has passed, unless a worker has claimed it and claimed_until is still to come.
    """

    class Event(models.TextChoices):
        OPENED = "opened", _("Baru")
        ENDED = "ended", _("Berakhir")
        DECIDED = "decided", _("Diputuskan")
        WITHDRAWN = "withdrawn", _("Ditarik kembali")
        CHANGED = "changed", _("Berubah")
        CLOSED = "closed", _("Ditutup")
        TEST = "test", _("Percobaan")

    class State(models.TextChoices):
        QUEUED = "queued", _("Menunggu")
        SENT = "sent", _("Terkirim")
        FAILED = "failed", _("Gagal")
        SKIPPED = "skipped", _("Tidak dikirim")

    class Why(models.TextChoices):
        """Why a call was skipped."""

        STOPPED = "stopped", _("webhook dihentikan")
        CLIENT = "client", _("token dicabut atau kedaluwarsa")
        SCOPE = "scope", _("di luar lingkup klien")
        WITHDRAWN = "withdrawn", _("ditarik kembali")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls")
    alert = models.ForeignKey(Alert, models.CASCADE, null=True, related_name="+")
    # Of DECIDED only: each decision that became final has a call of its own.
    decision = models.ForeignKey(Decision, models.CASCADE, null=True, related_name="+")
    incident_step = models.ForeignKey(IncidentStep, models.CASCADE, null=True, related_name="+")
    task_step = models.ForeignKey(TaskStep, models.CASCADE, null=True, related_name="+")
    complaint_step = models.ForeignKey(ComplaintStep, models.CASCADE, null=True, related_name="+")
    event = models.CharField(max_length=9, choices=Event.choices)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    why = models.CharField(max_length=300, blank=True)  # the last error, or a Why
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)  # sent, given up or skipped

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "alert", "event", "decision", "incident_step", "task_step", "complaint_step"],
                condition=~Q(event="test"),
                nulls_distinct=False,
                name="webhook_call_once",
            ),
            models.CheckConstraint(
                condition=(Q(event="test", alert=None, decision=None) & NO_STEP)
                | (Q(event="decided", alert__isnull=False, decision__isnull=False) & NO_STEP)
                | (Q(event__in=["opened", "ended", "withdrawn"], alert__isnull=False, decision=None) & NO_STEP)
                | (Q(event__in=["opened", "changed", "closed"], alert=None, decision=None) & ONE_STEP),
                name="webhook_call_is_about_something",
            ),
            models.CheckConstraint(
                condition=Q(state="queued", ended_at=None) | (~Q(state="queued") & Q(ended_at__isnull=False)),
                name="webhook_call_ends_when_it_ends",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="queued"), name="webhook_outbox")]

    @property
    def topic(self) -> HookTopic | None:
        """What it is about; None for a test."""
        about = (
            (HookTopic.INDICATION, self.alert_id),
            (HookTopic.INCIDENT, self.incident_step_id),
            (HookTopic.TASK, self.task_step_id),
            (HookTopic.COMPLAINT, self.complaint_step_id),
        )
        return next((topic for topic, pk in about if pk), None)

    @property
    def words(self) -> str:
        """Its topic and event in words."""
        event = str(self.get_event_display())
        return f"{self.topic.label}: {event}" if self.topic else event

    @property
    def name(self) -> str:
        """The name of its event for the client: "incident.opened", "test"."""
        return f"{self.topic.value}.{self.event}" if self.topic else self.event

    @property
    def why_word(self) -> str:
        """The last error, or why the call was skipped, for display."""
        return str(dict(self.Why.choices).get(self.why, self.why))
