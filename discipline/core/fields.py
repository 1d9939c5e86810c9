"""Columns for codes that a table in the source defines."""

from typing import Any

from django.db import models

CODE_LENGTH = 32  # letters; for codes that more are added to


class CodeField(models.CharField):
    """A CharField whose choices are no part of the schema, so that a new code needs no migration."""

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, "django.db.models.CharField", args, kwargs
