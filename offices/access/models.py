"""The roles of users, and the log of files that they opened."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.places.models import Agency, Kecamatan, Kelurahan


class Membership(models.Model):
    """A user's role. Mayor, operator and inspector cover the city, a camat one kecamatan, a lurah one kelurahan.

    Somebody of an agency sees the agency's street points, and no office.
    """

    class Role(models.TextChoices):
        MAYOR = "mayor", _("Wali Kota")
        OPERATOR = "operator", _("Operator Kominfo")
        CAMAT = "camat", _("Camat")
        LURAH = "lurah", _("Lurah")
        INSPECTOR = "inspector", _("Inspektorat")
        AGENCY = "agency", _("Anggota instansi")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("peran"), max_length=12, choices=Role.choices)
    kecamatan = models.ForeignKey(Kecamatan, models.CASCADE, null=True, blank=True, related_name="+")
    kelurahan = models.ForeignKey(Kelurahan, models.CASCADE, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instansi")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("keanggotaan")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["mayor", "operator", "inspector"], kecamatan=None, kelurahan=None, agency=None)
                | Q(role="camat", kecamatan__isnull=False, kelurahan=None, agency=None)
                | Q(role="lurah", kecamatan=None, kelurahan__isnull=False, agency=None)
                | Q(role="agency", kecamatan=None, kelurahan=None, agency__isnull=False),
                name="membership_scope_fits_role",
                violation_error_message=_(
                    "Camat memerlukan kecamatan, lurah memerlukan kelurahan, anggota instansi memerlukan instansi; "
                    "peran lain berlaku untuk seluruh kota."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class FileAccess(models.Model):
    """A user opened a file about people: once a user, object and hour. Append-only."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", _("Bukti, wajah dikaburkan")
        INDICATION = "indication", _("Lembar indikasi")
        ATTACHMENT = "attachment", _("Lampiran")
        SNAPSHOT = "snapshot", _("Cuplikan inspeksi")
        SPOT_CHECK = "spot_check", _("Lembar inspeksi")
        REPORT = "report", _("Berkas laporan")
        SIGNED = "signed", _("Dokumen bertanda tangan")
        COPY = "copy", _("Salinan data pribadi")
        LOG = "log", _("Log akses")
        RECORDING = "recording", _("Rekaman yang diekspor")
        CASE = "case", _("Berkas pelanggaran")
        COUNTER_CLIP = "counter_clip", _("Klip loket, wajah pengunjung dikaburkan")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=40)  # of the object
    title = models.CharField(max_length=200)  # of the object, at that time
    offices = ArrayField(models.BigIntegerField())  # of Kelurahan, as far as it is about single ones
    hour = models.DateTimeField()  # the start of it
    at = models.DateTimeField()  # the first time in the hour

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("akses berkas")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key", "hour"], name="file_access_once_an_hour"),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="file_access_newest"),
            GinIndex(fields=["offices"], name="file_access_by_office"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.title}"
