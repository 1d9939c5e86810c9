"""Models of indications, of explanations and decisions about them, and of reminders."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from discipline.alerts.decisions.rule import DECISIONS, DecisionAct
from discipline.core.codes import choices
from discipline.core.fields import CODE_LENGTH, CodeField
from discipline.core.models import Attachment
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import StandingState
from offices.places.models import Counter
from streams.evidence.models import Evidence

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations  # not installed in production

NEAR = timedelta(seconds=120)  # longest time between a flip and the look that confirms it: stale_s and a look


class AlertQuerySet(models.QuerySet["Alert"]):
    """Queries that several rooms share."""

    def counted(self) -> "AlertQuerySet":
        """Leave out superseded, withdrawn and false alarms, as reports do; excused ones stay, marked by outcome."""
        return self.filter(superseded_by=None, withdrawn_by=None).exclude(outcome=DecisionAct.FALSE_ALARM)

    def with_explained(self) -> "models.QuerySet[ExplainedAlert]":
        """Annotate with `explained`: whether the alert, or one that it superseded, has an explanation."""
        explanations = Decision.objects.filter(what=DecisionAct.EXPLAINED).order_by().values("pk")
        own = explanations.filter(alert=OuterRef("pk"))
        earlier = explanations.filter(alert__superseded_by=OuterRef("pk"))
        # Not EXISTS, for which PostgreSQL would hash the whole table of decisions to annotate a few rows.
        known = Coalesce(Subquery(own[:1]), Subquery(earlier[:1]))
        return self.annotate(explained=IsNull(known, False))  # type: ignore[return-value]  # plugin infers no TypedDict


class Alert(models.Model):
    """An indication (indikasi). It is no more than that until a person has confirmed it."""

    counter = models.ForeignKey(Counter, models.PROTECT, related_name="alerts")
    kind = CodeField(max_length=CODE_LENGTH, choices=choices(AlertKind))
    since = models.DateTimeField()  # when the absence or fault began, before any grace
    raised_at = models.DateTimeField()  # when it fell due
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, choices=StandingState.choices, blank=True)
    # Between since and ended_at, when the camera could not judge: no part of the absence (staffing.continuity).
    unknown_s = models.PositiveIntegerField(default=0)
    detail = models.CharField(max_length=CODE_LENGTH, blank=True)  # kinds about a camera: why it is blind
    # Only the later one counts: a late opening that became "not opened", an absence that lasted until closing.
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supersedes")
    evidence = models.ManyToManyField(Evidence, related_name="alerts")
    # Raised during a system incident that was detected only later; shown and counted nowhere.
    withdrawn_by = models.ForeignKey("SystemIncident", models.PROTECT, null=True, related_name="+")
    # The decision in force (decisions.rule.standing), empty for none; only decisions/record.py writes it.
    outcome = models.CharField(max_length=12, choices=choices(DECISIONS), blank=True, default="")
    # The lurah explained after the decision in force, and the camat has not answered; written with `outcome`.
    new_letter = models.BooleanField(default=False, db_default=False)
    # The end of the third working day. None for kinds about a camera, or when the schedule has no such day.
    explain_by = models.DateTimeField(null=True)

    # Outbox: set in the transaction that queues its notices.
    notices_queued_at = models.DateTimeField(_("pemberitahuan diantrekan pada"), null=True, db_column="told_at")

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        verbose_name = verbose_name_plural = _("indikasi")
        constraints = [
            models.UniqueConstraint(
                fields=["counter", "kind"],
                condition=Q(ended_at=None),
                name="alert_one_open_per_counter_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="alert_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["-raised_at"]),
            models.Index(fields=["counter", "-raised_at"]),
            models.Index(fields=["counter"], condition=Q(outcome="", superseded_by=None), name="alert_undecided"),
            models.Index(fields=["counter"], condition=Q(new_letter=True), name="alert_new_letter"),
            models.Index(fields=["id"], condition=Q(notices_queued_at=None), name="alert_outbox"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.counter}"

    def ends_near(self, at: datetime) -> bool:
        """Return whether it ended about `at`, so that a picture of then shows its end and not an interruption."""
        return self.ended_at is not None and abs(at - self.ended_at) <= NEAR

    def lasting_s(self, now: datetime) -> float:
        """Return its seconds up to its end or `now`, without the unknown time in between."""
        return max(((self.ended_at or now) - self.since).total_seconds() - self.unknown_s, 0.0)


class Explained(TypedDict):
    """Annotations that AlertQuerySet.with_explained() adds."""

    explained: bool


if TYPE_CHECKING:
    ExplainedAlert = WithAnnotations[Alert, Explained]


class Decision(models.Model):
    """One explanation, decision or undo of an indication. Append-only: the database refuses UPDATE and DELETE."""

    class Reason(models.TextChoices):
        """Why the counter was empty (explained, excused), or why the alarm was false."""

        APEL = "apel", _("Apel atau upacara")
        DINAS_LUAR = "dinas_luar", _("Dinas luar")
        SAKIT = "sakit", _("Sakit")
        IZIN = "izin", _("Izin")
        CUTI = "cuti", _("Cuti")
        GANGGUAN = "gangguan", _("Gangguan (listrik, jaringan, bencana)")
        LAIN = "lain", _("Lainnya")
        STAFF_THERE = "staff_there", _("Ada petugas di loket")
        CAMERA_WRONG = "camera_wrong", _("Kamera atau zona keliru")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)  # the user's role at that time, an offices.Membership.Role
    what = models.CharField(max_length=12, choices=choices(DecisionAct))
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    text = models.TextField(blank=True)
    attachment = models.OneToOneField(Attachment, models.PROTECT, null=True, related_name="decision")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        ordering = ["alert", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what="undone", undoes__isnull=False) | (~Q(what="undone") & Q(undoes=None)),
                name="decision_undoes_when_undone",
            ),
        ]


class Reminder(models.Model):
    """A reminder to one user that a deadline approaches or has passed; sent once."""

    class When(models.TextChoices):
        SOON = "soon", _("Tenggat mendekat")
        OVERDUE = "overdue", _("Tenggat lewat")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    when = models.CharField(max_length=8, choices=When.choices)
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)  # None: not yet mailed, or the user has no e-mail address

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "user", "when"], name="reminder_once")]
