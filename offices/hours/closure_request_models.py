"""What an office asks for: a closure, before or after the fact. Only a granted one cuts duty."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.hours.models import Closure
from offices.places.models import Counter, Kelurahan


class ClosureRequest(models.Model):
    """A closing that a lurah asks for, of the whole office or of one counter of it. The answer is given once; a granted
    one has its closure for as long as that stands."""

    class Kind(models.TextChoices):
        APEL = "apel", _("Apel atau upacara")
        RAPAT = "rapat", _("Rapat")
        POSYANDU = "posyandu", _("Posyandu")
        DINAS_LUAR = "dinas_luar", _("Dinas luar")
        LAIN = "lain", _("Lainnya")

    class State(models.TextChoices):
        ASKED = "asked", _("Menunggu camat")
        GRANTED = "granted", _("Diberikan")
        REFUSED = "refused", _("Ditolak")
        WITHDRAWN = "withdrawn", _("Ditarik")  # by the lurah, before any answer
        REVOKED = "revoked", _("Dicabut")  # by the camat, after it was granted

    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, related_name="closure_requests", verbose_name=_("kantor"))
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, blank=True, related_name="+")  # None: all of them
    kind = models.CharField(_("jenis"), max_length=12, choices=Kind.choices)
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    reason = models.CharField(_("keterangan"), max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    word = models.CharField(_("catatan camat"), max_length=500, blank=True)
    closure = models.OneToOneField(Closure, models.SET_NULL, null=True, related_name="request")

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = verbose_name_plural = _("permohonan penutupan")
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="closure_request_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None, closure=None)
                | ~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="closure_request_is_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="granted") | Q(closure=None), name="closure_request_closes_when_granted"
            ),
        ]
        indexes = [models.Index(fields=["kelurahan"], condition=Q(state="asked"), name="closure_request_waits")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.place}"

    @property
    def place(self) -> str:
        return str(self.counter or self.kelurahan)

    @property
    def waits(self) -> bool:
        return self.state == self.State.ASKED
