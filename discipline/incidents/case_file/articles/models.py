"""What was entered and changed of articles."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discipline.incidents.case_file.models import BylawArticle
from streams.evidence.models import REASON, gives_reason


class ArticleChange(models.Model):
    """An article was added or changed. Append-only.

    - added: this was its first row; then there is nothing in `before`.
    - changed: by the name of the field, its words before and after.
    """

    article = models.ForeignKey(BylawArticle, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added = models.BooleanField(default=False)
    changed = models.JSONField()
    reason = models.CharField(_("alasan"), max_length=500, validators=[gives_reason])

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("perubahan pasal peraturan")
        constraints = [models.CheckConstraint(condition=Q(reason__regex=REASON), name="article_change_says_why")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.reason}"
