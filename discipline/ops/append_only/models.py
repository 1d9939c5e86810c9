"""The signed heads."""

from django.db import models


class SignedHead(models.Model):
    """A signed statement of what the append-only tables held, see sealing.py. Append-only but for the last two fields.

    `line` is JSON with its signature, as it stands in copies elsewhere.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)  # from 1, without gaps
    at = models.DateTimeField()
    line = models.TextField()
    mailed_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.at:%Y-%m-%dT%H:%M:%SZ}"
