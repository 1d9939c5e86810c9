"""Blocked senders and phrases."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.complaints.blocks.block_rule import BlockKind
from discipline.complaints.models import Complaint
from discipline.core.codes import choices
from discipline.core.fields import CODE_LENGTH, CodeField


class ComplaintBlock(models.Model):
    """What is not accepted until a moment. The row is deleted then, or when it is lifted.

    - value: a keyed hash of an address, network or mail address; the folded text of a phrase.
    - complaint: the report from whose page it was made.
    - private: whether it holds back reports to the inspectorate; otherwise it holds back the others only.
    - hits: how often something was held back.
    """

    kind = CodeField(max_length=CODE_LENGTH, choices=choices(BlockKind))
    value = models.CharField(max_length=200)
    private = models.BooleanField()
    reason = models.CharField(max_length=300)
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="blocks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    hits = models.PositiveIntegerField(default=0)
    last_hit_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["until", "pk"]
        verbose_name = verbose_name_plural = _("pemblokiran laporan warga")
        constraints = [
            models.UniqueConstraint(fields=["kind", "value", "private"], name="complaint_block_once"),
            models.CheckConstraint(condition=Q(until__gt=F("created_at")), name="complaint_block_ends_later"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(value=""), name="complaint_block_says_why"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
