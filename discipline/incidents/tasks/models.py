"""Tasks of agencies, the officers' steps, and how soon each kind of task is to be done."""

from datetime import date, datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.core.codes import choices
from discipline.core.fields import CODE_LENGTH, CodeField
from discipline.core.models import Attachment
from discipline.incidents.models import Incident, IncidentType, Priority
from discipline.incidents.tasks import deadline_rule
from discipline.incidents.tasks.deadline_rule import Deadline, NoticeLevel, ResponseMinutes
from discipline.incidents.tasks.state_rule import TaskState
from offices.places.locations.models import TELEPHONE
from offices.places.models import Agency, Kelurahan

MINUTES = [MinValueValidator(1), MaxValueValidator(60 * 24 * 30)]
USUAL = {  # until the city enters its own
    Priority.EMERGENCY: ResponseMinutes(5, 20, 180),
    Priority.HIGH: ResponseMinutes(10, 45, 360),
    Priority.MEDIUM: ResponseMinutes(30, 120, 1440),
    Priority.LOW: ResponseMinutes(120, 1440, 7200),
}


class AgencyDuty(models.Model):
    """Whom to call at an agency when it has a task."""

    agency = models.OneToOneField(Agency, models.CASCADE, primary_key=True, related_name="duty")
    phone = models.CharField(_("telepon piket"), max_length=24, validators=[TELEPHONE])

    class Meta:
        verbose_name = verbose_name_plural = _("piket instansi")

    def __str__(self) -> str:
        return f"{self.agency}: {self.phone}"


class ResponseTime(models.Model):
    """The minutes for tasks of a priority from a day on, of one type of incident or of all others.

    The row with the latest `since` that has come holds, the one written last of those since the same day; one of the
    type comes before one of all. Append-only. by, written_at: None for rows of before they were recorded.
    """

    kind = models.ForeignKey(
        IncidentType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("jenis")
    )
    priority = models.PositiveSmallIntegerField(_("prioritas"), choices=Priority.choices)
    since = models.DateField(_("berlaku sejak"))
    acknowledge = models.PositiveIntegerField(_("diterima dalam (menit)"), validators=MINUTES)
    arrive = models.PositiveIntegerField(_("di lokasi dalam (menit)"), validators=MINUTES)
    finish = models.PositiveIntegerField(_("selesai dalam (menit)"), validators=MINUTES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["priority", "kind", "-since", "-pk"]
        verbose_name = verbose_name_plural = _("batas waktu tugas")
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledge__gte=1, acknowledge__lte=F("arrive"), arrive__lte=F("finish")),
                name="response_time_in_order",
                violation_error_message=_(
                    "Diterima tidak boleh lebih lama daripada di lokasi, di lokasi tidak lebih lama daripada selesai."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_priority_display()}: {self.acknowledge}/{self.arrive}/{self.finish}"

    @property
    def minutes(self) -> ResponseMinutes:
        """Its minutes."""
        return ResponseMinutes(self.acknowledge, self.arrive, self.finish)

    @classmethod
    def minutes_for(cls, kind: IncidentType | None, priority: int, day: date) -> ResponseMinutes:
        """Return the minutes in force on a local day; kind None: those of types without their own. One query."""
        rows = cls.objects.filter(Q(kind=kind) | Q(kind=None), priority=priority, since__lte=day)
        row = rows.order_by(F("kind").asc(nulls_last=True), "-since", "-pk").first()
        return row.minutes if row else USUAL[Priority(priority)]


class Task(models.Model):
    """What an agency, or a kelurahan, is asked to do about an incident. Only tasks.changes writes it.

    - clock_at: when its time began: at the asking, or when it was sent back.
    - person: who has accepted it.
    - notified, notified_level: the notice that was queued last.
    - notice_due_at: when the next one is due; None for never.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="tasks")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="tasks")
    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, null=True, related_name="tasks")
    instruction = models.TextField(_("yang diminta"), max_length=1000)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = CodeField(max_length=CODE_LENGTH, choices=choices(TaskState), default=TaskState.ASKED.value)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    clock_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    arrive_by = models.DateTimeField()
    finish_by = models.DateTimeField()
    notified = models.CharField(max_length=CODE_LENGTH, blank=True)
    notified_level = models.PositiveSmallIntegerField(default=0)
    notice_due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("tugas")
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False, kelurahan=None) | Q(agency=None, kelurahan__isnull=False),
                name="task_of_one",
            ),
            models.UniqueConstraint(
                fields=["incident", "agency", "kelurahan"],
                condition=~Q(state__in=[TaskState.DECLINED.value, TaskState.CANCELLED.value]),
                nulls_distinct=False,
                name="task_once_for_each_agency",
            ),
            models.CheckConstraint(condition=~Q(instruction=""), name="task_asks_something"),
        ]
        indexes = [
            models.Index(fields=["notice_due_at"], condition=Q(notice_due_at__isnull=False), name="task_notice_due"),
            models.Index(fields=["agency", "state"], name="task_of_agency"),
            models.Index(fields=["kelurahan", "state"], name="task_of_kelurahan"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.who}"

    @property
    def who(self) -> str:
        """The name of the agency or kelurahan. Needs it loaded."""
        return self.agency.name if self.agency else self.kelurahan.office_title if self.kelurahan else ""

    @property
    def status(self) -> TaskState:
        """Its state."""
        return TaskState(self.state)

    @property
    def deadlines(self) -> dict[Deadline, datetime]:
        """Its deadlines."""
        return {
            Deadline.ACKNOWLEDGE: self.acknowledge_by,
            Deadline.ARRIVE: self.arrive_by,
            Deadline.FINISH: self.finish_by,
        }

    @property
    def due(self) -> datetime | None:
        """The deadline that comes next; None when nothing is to be done."""
        deadline = deadline_rule.NEXT.get(self.status)
        return self.deadlines[deadline] if deadline else None

    def start_clock(self, minutes: ResponseMinutes, at: datetime) -> None:
        """Let its time begin at `at`, unsaved."""
        self.clock_at, times = at, minutes.at(at)
        self.acknowledge_by, self.arrive_by = times[Deadline.ACKNOWLEDGE], times[Deadline.ARRIVE]
        self.finish_by = times[Deadline.FINISH]
        self.notified, self.notified_level = "", 0
        self.plan_notice()

    def plan_notice(self) -> deadline_rule.TaskNotice | None:
        """Set notice_due_at, unsaved, and return the notice that is due then."""
        sent = (Deadline(self.notified), NoticeLevel(self.notified_level)) if self.notified else None
        coming = deadline_rule.next_notice(self.status, self.clock_at, self.deadlines, sent)
        self.notice_due_at = coming.at if coming else None
        return coming


class TaskStep(models.Model):
    """A change of a task's state, or a note with a photo from the spot. Append-only.

    - happened_at: when the officer did it, by the clock of the phone if it was sent later; at: when it arrived.
    - key: given by the phone, so that a step sent twice is stored once.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="steps")
    state = CodeField(max_length=CODE_LENGTH, choices=choices(TaskState))
    at = models.DateTimeField()
    happened_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="task_step")
    key = models.UUIDField(unique=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("langkah tugas")
        constraints = [
            models.CheckConstraint(condition=Q(happened_at__lte=F("at")), name="task_step_not_in_the_future"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.get_state_display()}"

    @property
    def status(self) -> TaskState:
        """The state that it set."""
        return TaskState(self.state)
