"""Indications, and what people say to them."""

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


class AlertQuerySet(models.QuerySet["Alert"]):
    def counted(self) -> "AlertQuerySet":
        """What reports count: neither taken up by a later indication nor called a false alarm. Excused ones stay in,
        told apart by their outcome."""
        return self.filter(superseded_by=None, withdrawn_by=None).exclude(outcome=DecisionAct.FALSE_ALARM)

    def with_explained(self) -> "AlertQuerySet":
        """Each with `explained`: whether it was, or the one that went on as it."""
        told = Decision.objects.filter(what=DecisionAct.EXPLAINED).order_by().values("pk")
        own, before = told.filter(alert=OuterRef("pk")), told.filter(alert__superseded_by=OuterRef("pk"))
        # Not by EXISTS: PostgreSQL would hash every decision there ever was for the few rows that are asked for.
        return self.annotate(explained=IsNull(Coalesce(Subquery(own[:1]), Subquery(before[:1])), False))


class Alert(models.Model):
    """An indication (indikasi), never more until a person has confirmed it."""

    counter = models.ForeignKey(Counter, models.PROTECT, related_name="alerts")
    kind = CodeField(max_length=CODE_LENGTH, choices=choices(AlertKind))
    since = models.DateTimeField()  # when the matter began, before any grace
    raised_at = models.DateTimeField()  # when it fell due
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, choices=StandingState.choices, blank=True)
    detail = models.CharField(max_length=CODE_LENGTH, blank=True)  # about a camera: why blind
    # A late opening that became "not opened", an absence that lasted until closing: the later one counts.
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supersedes")
    evidence = models.ManyToManyField(Evidence, related_name="alerts")
    # It fell due inside a system incident that was known only later: shown and counted nowhere.
    withdrawn_by = models.ForeignKey("SystemIncident", models.PROTECT, null=True, related_name="+")
    # What stands of the people's word (rule.standing of its decisions); only decisions/record.py writes it.
    outcome = models.CharField(max_length=12, choices=choices(DECISIONS), blank=True, default="")
    explain_by = models.DateTimeField(null=True)  # the end of the third working day; None for what nobody explains

    told_at = models.DateTimeField(null=True)  # outbox: set in the transaction that queues its messages

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
            models.Index(fields=["id"], condition=Q(told_at=None), name="alert_outbox"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.counter}"


class Decision(models.Model):
    """One line of what people said to an indication. Append-only: the database refuses UPDATE and DELETE."""

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
    role = models.CharField(max_length=12)  # of the person at that time, an offices.Membership.Role
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
    """That a deadline comes or has passed, told once to one person."""

    class When(models.TextChoices):
        SOON = "soon", _("Tenggat mendekat")
        OVERDUE = "overdue", _("Tenggat terlewati")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    when = models.CharField(max_length=8, choices=When.choices)
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)  # None: not yet, or no e-mail address

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "user", "when"], name="reminder_once")]
