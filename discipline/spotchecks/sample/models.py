"""The rules of the sample, its draws, the clips of counters and what checkers saw in them."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.spotchecks.models import SpotStop
from offices.places.models import Counter
from streams.cameras.models import Camera

MOST_PER_OFFICE = 20
LONGEST_WAIT = 60  # minutes
MOST_DAYS = 30  # that a clip is kept


class SampleRule(models.Model):
    """From a day on, so many clips a week of each office are judged. Append-only.

    The row with the latest `since` that has come holds, of two of one day the newer. Without a row, and with 0, nothing
    is drawn.
    """

    since = models.DateField(_("berlaku sejak"))
    per_office = models.PositiveSmallIntegerField(
        _("klip per kantor tiap minggu"), validators=[MaxValueValidator(MOST_PER_OFFICE)]
    )
    wait_minutes = models.PositiveSmallIntegerField(
        _("menunggu pengunjung (menit)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WAIT)],
    )
    second_percent = models.PositiveSmallIntegerField(
        _("dinilai oleh dua pemeriksa (persen)"), default=20, validators=[MaxValueValidator(100)]
    )
    keep_days = models.PositiveSmallIntegerField(
        _("klip yang belum dinilai disimpan (hari)"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )
    keep_judged_days = models.PositiveSmallIntegerField(
        _("klip yang sudah dinilai disimpan (hari)"), default=3, validators=[MaxValueValidator(MOST_DAYS)]
    )
    basis = models.CharField(_("dasar hukum"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = verbose_name_plural = _("aturan contoh perilaku")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    per_office__lte=MOST_PER_OFFICE,
                    wait_minutes__gte=1,
                    wait_minutes__lte=LONGEST_WAIT,
                    second_percent__lte=100,
                    keep_days__gte=1,
                    keep_days__lte=MOST_DAYS,
                    keep_judged_days__lte=MOST_DAYS,
                ),
                name="sample_rule_bounded",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="sample_rule_has_a_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.since}: {self.per_office}"


class WeekDraw(models.Model):
    """The draw of one week. Append-only.

    week: its Monday. drawn: a drawing.StoredWeek, of which the seed and the list give the moments again.
    """

    week = models.DateField(unique=True)
    rule = models.ForeignKey(SampleRule, models.PROTECT, related_name="draws")
    drawn = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-week"]
        verbose_name = verbose_name_plural = _("undian contoh perilaku")

    def __str__(self) -> str:
        return str(self.week)


class CounterClip(models.Model):
    """A clip of a counter that is wanted or was taken: of a drawn moment, or of a spot check that marked conduct.

    number: of a drawn moment in its draw, in the order of time, from 1. taken_at: the picture in which a visitor was
    seen, or that of the mark. deleted_at: when the film was deleted.
    """

    class Outcome(models.TextChoices):
        """What became of it. All but TAKEN are without a clip."""

        WAITING = "waiting", _("Ditunggu")
        TAKEN = "taken", _("Ada klip")
        NO_VISITOR = "no_visitor", _("Tidak ada pengunjung")
        EMPTY = "empty", _("Loket kosong")
        UNSEEN = "unseen", _("Tidak terpantau")
        CLOSED = "closed", _("Tidak melayani")

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    draw = models.ForeignKey(WeekDraw, models.PROTECT, null=True, related_name="clips")
    number = models.PositiveIntegerField(null=True)
    stop = models.ForeignKey(SpotStop, models.PROTECT, null=True, related_name="clips")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="+")
    camera = models.ForeignKey(Camera, models.SET_NULL, null=True, related_name="+")
    wanted_from = models.DateTimeField()
    wanted_until = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.WAITING)
    taken_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("klip loket")
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="counterclip_drawn_once"),
            models.UniqueConstraint(fields=["stop", "counter"], name="counterclip_once_a_stop"),
            models.CheckConstraint(
                condition=Q(draw__isnull=False, number__isnull=False, stop=None)
                | Q(draw=None, number=None, stop__isnull=False),
                name="counterclip_is_drawn_or_of_a_stop",
            ),
            models.CheckConstraint(condition=Q(wanted_from__lte=F("wanted_until")), name="counterclip_in_order"),
            models.CheckConstraint(
                condition=Q(outcome="taken", taken_at__isnull=False) | (~Q(outcome="taken") & Q(taken_at=None)),
                name="counterclip_taken_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["wanted_from"], condition=Q(outcome="waiting"), name="counterclip_waiting"),
            models.Index(fields=["taken_at"], condition=Q(outcome="taken", deleted_at=None), name="counterclip_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}: {self.get_outcome_display()}"


class ClipFilm(models.Model):
    """The film of a clip, as MP4, until it is deleted.

    The worker makes `shown`, in which visitors' heads are hidden, and deletes `original` with it; only `shown` is ever
    sent. `zones` are the staff sides at that time, as polygons of fractions.
    """

    clip = models.OneToOneField(CounterClip, models.CASCADE, primary_key=True, related_name="film")
    original = models.BinaryField(null=True)
    shown = models.BinaryField(null=True)
    zones = models.JSONField(default=list)
    tries = models.PositiveIntegerField(default=0)
    again_at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)  # the last error

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(original=None, shown__isnull=False) | Q(original__isnull=False, shown=None),
                name="clipfilm_is_original_or_shown",
            ),
        ]
        indexes = [models.Index(fields=["again_at"], condition=Q(shown=None), name="clipfilm_waiting")]

    def __str__(self) -> str:
        return str(self.clip_id)


class ConductJudgement(models.Model):
    """What a checker saw in a clip, or the undoing of that. Append-only.

    usable: a visitor and who serves can be seen. answers: an ItemAnswer by ConductItem, {} where it is not usable.
    """

    clip = models.ForeignKey(CounterClip, models.PROTECT, related_name="judgements")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    usable = models.BooleanField()
    answers = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("penilaian klip")
        indexes = [models.Index(fields=["by", "-at"], name="judgement_newest")]

    def __str__(self) -> str:
        return f"{self.by}: {self.clip_id}"
