"""What it means: the rules, the present standing of each counter, its flips, and the indications."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from discipline import incident, staffing, verdict
from offices.models import Counter, Kelurahan, Scoped, scope_columns, validity_column
from streams.models import REASON, Evidence, gives_reason


class State(models.TextChoices):
    CLOSED = staffing.State.CLOSED.value, _("Tutup")
    STAFFED = staffing.State.STAFFED.value, _("Berpetugas")
    GRACE = staffing.State.GRACE.value, _("Tenggang")
    ABSENT = staffing.State.ABSENT.value, _("Kosong")
    UNKNOWN = staffing.State.UNKNOWN.value, _("Tidak diketahui")


class StaffingRule(Scoped):
    """The numbers of staffing.Rule for a scope and some dates; the closest valid one applies."""

    absence_grace_s = models.PositiveIntegerField(_("toleransi kosong (detik)"), default=600)
    opening_grace_s = models.PositiveIntegerField(_("toleransi buka (detik)"), default=300)
    not_opened_s = models.PositiveIntegerField(_("dinyatakan tidak buka setelah (detik)"), default=7200)
    closing_window_s = models.PositiveIntegerField(_("jendela pulang awal (detik)"), default=900)
    exit_looks = models.PositiveSmallIntegerField(_("pengamatan kosong sebelum dihitung"), default=3)
    enter_looks = models.PositiveSmallIntegerField(_("pengamatan terisi sebelum dihitung"), default=1)
    stale_s = models.PositiveIntegerField(_("pengamatan basi setelah (detik)"), default=60)
    blinded_s = models.PositiveIntegerField(_("kamera tertutup atau bergeser setelah (detik)"), default=60)
    camera_fault_s = models.PositiveIntegerField(_("gangguan kamera setelah (detik)"), default=300)
    valid_from = models.DateField(_("berlaku dari"), null=True, blank=True)
    valid_to = models.DateField(_("sampai dengan"), null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = verbose_name_plural = _("aturan kehadiran")
        constraints = [
            *Scoped.Meta.constraints,
            # One old picture must never convict.
            models.CheckConstraint(
                condition=Q(stale_s__lt=F("absence_grace_s"))
                & Q(stale_s__lt=F("opening_grace_s"))
                & Q(stale_s__lt=F("closing_window_s"))
                & Q(not_opened_s__gt=F("opening_grace_s")),
                name="rule_stale_shorter_than_grace",
            ),
            models.CheckConstraint(
                condition=Q(exit_looks__gte=1, enter_looks__gte=1, stale_s__gte=1), name="rule_counts_looks"
            ),
            ExclusionConstraint(
                name="rule_no_overlap",
                expressions=[*scope_columns(), validity_column()],
                violation_error_message=_("Sudah ada aturan untuk lingkup dan tanggal ini."),
            ),
        ]

    def __str__(self) -> str:
        return self.scope_name

    def as_rule(self) -> staffing.Rule:
        names = staffing.Rule.__dataclass_fields__
        return staffing.Rule(**{name: getattr(self, name) for name in names})


class Standing(models.Model):
    """The present state of a counter: a row of staffing.Standing. Only ledger.py writes it.

    due_at is None only when no change can come by time alone.
    """

    counter = models.OneToOneField(Counter, models.CASCADE, primary_key=True, related_name="standing")
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLOSED)
    reason = models.CharField(max_length=16, blank=True, default="")
    since = models.DateTimeField()
    last_look_at = models.DateTimeField(null=True)
    last_look = models.CharField(max_length=8, blank=True, default="")
    last_people = models.PositiveSmallIntegerField(default=0)
    empty_since = models.DateTimeField(null=True)
    empty_looks = models.PositiveIntegerField(default=0)
    staffed_looks = models.PositiveIntegerField(default=0)
    opened = models.BooleanField(null=True)
    opened_for = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    saw_at = models.DateTimeField(null=True)  # the last look that was not blind, on duty or not, believed or not

    def __str__(self) -> str:
        return f"{self.counter}: {self.get_state_display()}"


class Flip(models.Model):
    """One change of standing, dated when it fell due. Append-only: reports are computed from these rows."""

    counter = models.ForeignKey(Counter, models.PROTECT, related_name="flips")
    at = models.DateTimeField()
    old = models.CharField(max_length=8, choices=State.choices)
    new = models.CharField(max_length=8, choices=State.choices)
    reason = models.CharField(max_length=16, blank=True)
    since = models.DateTimeField()  # when the matter began: the first empty look, the opening
    noticed_at = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True)  # outbox: set in the transaction that settles its alerts

    class Meta:
        ordering = ["counter", "at", "pk"]
        indexes = [
            models.Index(fields=["counter", "at"]),
            models.Index(fields=["id"], condition=Q(alerted_at=None), name="flip_outbox"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.old}→{self.new}"


class Outcome(models.TextChoices):
    CONFIRMED = verdict.Act.CONFIRMED.value, _("Dikonfirmasi")
    EXCUSED = verdict.Act.EXCUSED.value, _("Dengan izin")
    FALSE_ALARM = verdict.Act.FALSE_ALARM.value, _("Alarm keliru")


class AlertQuerySet(models.QuerySet["Alert"]):
    def counted(self) -> "AlertQuerySet":
        """What reports count: neither taken up by a later indication nor called a false alarm. Excused ones stay in,
        told apart by their outcome."""
        return self.filter(superseded_by=None, withdrawn_by=None).exclude(outcome=Outcome.FALSE_ALARM)

    def with_explained(self) -> "AlertQuerySet":
        """Each with `explained`: whether it was, or the one that went on as it."""
        told = Decision.objects.filter(what=Decision.What.EXPLAINED)
        before = told.filter(alert__superseded_by=OuterRef("pk"))
        return self.annotate(explained=Exists(told.filter(alert=OuterRef("pk"))) | Exists(before))


class Alert(models.Model):
    """An indication (indikasi), never more until a person has confirmed it."""

    class Kind(models.TextChoices):
        LATE_OPENING = "late_opening", _("Terlambat buka")
        NOT_OPENED = "not_opened", _("Tidak buka")
        ABSENCE = "absence", _("Loket kosong")
        EARLY_LEAVE = "early_leave", _("Pulang sebelum waktunya")
        CAMERA_FAULT = "camera_fault", _("Gangguan kamera")
        BLINDED = "blinded", _("Kamera tertutup")  # on duty, as one does on purpose; `detail` says how

        @property
        def about_camera(self) -> bool:
            """Never held against a counter."""
            return self in (Alert.Kind.CAMERA_FAULT, Alert.Kind.BLINDED)

    counter = models.ForeignKey(Counter, models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since = models.DateTimeField()  # when the matter began, before any grace
    raised_at = models.DateTimeField()  # when it fell due
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, choices=State.choices, blank=True)
    detail = models.CharField(max_length=16, blank=True)  # about a camera: why blind
    # A late opening that became "not opened", an absence that lasted until closing: the later one counts.
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supersedes")
    evidence = models.ManyToManyField(Evidence, related_name="alerts")
    # It fell due inside a system incident that was known only later: shown and counted nowhere.
    withdrawn_by = models.ForeignKey("SystemIncident", models.PROTECT, null=True, related_name="+")
    # What stands of the people's word (verdict.standing of its decisions); only deciding.py writes it.
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    explain_by = models.DateTimeField(null=True)  # the end of the third working day; None for what nobody explains

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
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.counter}"


class IncidentRule(models.Model):
    """The numbers of incident.Rule for the whole city: one row, or none for the defaults.

    In the database, because every watch and every worker on every machine must judge by the same ones.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    share = models.FloatField(_("bagian kamera"), default=0.3, help_text=_("0,3: lebih dari 30 dari 100 kamera"))
    window_s = models.PositiveIntegerField(_("gelap bersama dalam (detik)"), default=60)
    min_cameras = models.PositiveIntegerField(_("paling sedikit kamera"), default=3)
    dark_s = models.PositiveIntegerField(_("gelap setelah tanpa gambar (detik)"), default=30)
    stall_s = models.PositiveIntegerField(_("pemantau terhenti setelah (detik)"), default=10)
    clock_s = models.PositiveIntegerField(_("selisih jam paling besar (detik)"), default=5)
    settle_s = models.PositiveIntegerField(_("berakhir setelah pulih (detik)"), default=10)
    longest_s = models.PositiveIntegerField(_("menjadi gangguan kamera setelah (detik)"), default=1800)

    class Meta:
        verbose_name = verbose_name_plural = _("aturan gangguan sistem")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="incident_rule_only_one"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lt=1, min_cameras__gte=1, window_s__gte=1, dark_s__gte=1)
                & Q(stall_s__gte=1, clock_s__gte=1, settle_s__gte=1, longest_s__gte=1),
                name="incident_rule_makes_sense",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> incident.Rule:
        values = cls.objects.values(*incident.Rule.__dataclass_fields__).first()
        return incident.Rule(**values) if values else incident.Rule()


class SystemIncident(models.Model):
    """A time of which nothing is believed, because it may be us. At most one is open; it ends by itself.

    It holds from `since` until before `ended_at`. Flips in it are UNKNOWN, and nobody is accused.
    """

    class Kind(models.TextChoices):  # from the vaguest to the most telling
        FLEET_BLIND = "fleet_blind", _("Banyak kamera gelap serentak")
        NO_WATCH = "no_watch", _("Tidak ada proses pemantau")
        WATCH_STALLED = "watch_stalled", _("Pemantau terhenti")
        CLOCK_JUMPED = "clock_jumped", _("Jam komputer salah")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    since = models.DateTimeField()
    raised_at = models.DateTimeField()  # when it was last told of: sight counts again only after it
    calm_since = models.DateTimeField(null=True)  # enough see again, or nothing is left to wait for
    ended_at = models.DateTimeField(null=True, db_index=True)
    blind = models.PositiveIntegerField(default=0)  # cameras, at the worst
    total = models.PositiveIntegerField(default=0)
    watcher = models.CharField(max_length=120, blank=True)  # who stood still, whose clock is wrong
    off_s = models.FloatField(default=0)  # for how long it stood still, by how much its clock is wrong

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("gangguan sistem")
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], condition=Q(ended_at=None), nulls_distinct=False, name="incident_one_open"
            ),
            models.CheckConstraint(condition=Q(raised_at__gte=F("since")), name="incident_raised_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="incident_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.since:%Y-%m-%dT%H:%M:%SZ}"

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.ended_at is None or at < self.ended_at)


class Retention(models.Model):
    """How long evidence is kept, and in how much room. A change is a new row: the newest applies."""

    still_days = models.PositiveSmallIntegerField(
        _("bukti disimpan (hari)"), default=30, validators=[MinValueValidator(1)]
    )
    case_days = models.PositiveSmallIntegerField(
        _("bukti perkara disimpan (hari)"), default=90, validators=[MinValueValidator(1)]
    )
    quota_gb = models.PositiveIntegerField(_("kuota (GB)"), default=200, validators=[MinValueValidator(1)])
    warn_percent = models.PositiveSmallIntegerField(
        _("peringatan pada (%)"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("masa retensi")
        constraints = [
            models.CheckConstraint(
                condition=Q(still_days__gte=1, case_days__gte=F("still_days"), quota_gb__gte=1)
                & Q(warn_percent__gte=1, warn_percent__lte=100),
                name="retention_makes_sense",
                violation_error_message=_("Bukti perkara tidak boleh disimpan lebih singkat daripada bukti lain."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.still_days}/{self.case_days}, {self.quota_gb} GB"


class Storage(models.Model):
    """The room that evidence takes, as last measured. One row."""

    used_bytes = models.PositiveBigIntegerField()
    held_bytes = models.PositiveBigIntegerField()  # of these: held for an examination, never destroyed
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.used_bytes} B"


class LegalHold(models.Model):
    """Evidence that nothing destroys while it lasts: of one indication, or of an office from one day to another."""

    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="holds")
    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, null=True, related_name="holds")
    first_day = models.DateField(_("dari tanggal"), null=True)
    last_day = models.DateField(_("sampai tanggal"), null=True)
    reason = models.CharField(_("alasan"), max_length=500, validators=[gives_reason])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = verbose_name_plural = _("penahanan bukti")
        constraints = [
            models.CheckConstraint(
                condition=Q(alert__isnull=False, kelurahan=None, first_day=None, last_day=None)
                | Q(alert=None, kelurahan__isnull=False, first_day__lte=F("last_day")),
                name="hold_is_of_an_alert_or_of_an_office",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | Q(ended_at__gte=F("since"), ended_by__isnull=False, end_reason__regex=REASON),
                name="hold_ends_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(reason__regex=REASON), name="hold_says_why"),
            models.UniqueConstraint(fields=["alert"], condition=Q(ended_at=None), name="hold_once_per_alert"),
        ]

    def __str__(self) -> str:
        if self.alert:
            return str(self.alert)
        return f"{self.kelurahan}, {self.first_day:%d-%m-%Y} – {self.last_day:%d-%m-%Y}"


class Attachment(models.Model):
    """A file that a lurah gave with an explanation, kept below settings.ATTACHMENT_DIR under a name of its own."""

    path = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=120)  # as it was called where it came from
    media_type = models.CharField(max_length=40)  # by its content
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)


class Decision(models.Model):
    """One line of what people said to an indication. Append-only: the database refuses UPDATE and DELETE."""

    class What(models.TextChoices):
        EXPLAINED = verdict.Act.EXPLAINED.value, _("Dijelaskan")
        CONFIRMED = verdict.Act.CONFIRMED.value, _("Dikonfirmasi")
        EXCUSED = verdict.Act.EXCUSED.value, _("Dengan izin")
        FALSE_ALARM = verdict.Act.FALSE_ALARM.value, _("Alarm keliru")
        UNDONE = verdict.Act.UNDONE.value, _("Diurungkan")

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
    what = models.CharField(max_length=12, choices=What.choices)
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
