"""Model fields for codes that the source defines."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

CODE_LENGTH = 32  # characters, with room for codes to come


if TYPE_CHECKING:  # generic in their stubs only
    StringField = models.CharField[str, str]
else:
    StringField = models.CharField


class CodeField(StringField):
    """A CharField whose choices are not recorded in migrations, so that a new code needs none."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Describe the column as a plain CharField without choices."""
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, "django.db.models.CharField", args, kwargs
