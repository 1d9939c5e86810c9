"""Template tag for the line that tells operators how far the city is set up."""

from typing import Any

from django import template

from discipline.ops.first_run.readiness_rule import MISSING, Part
from discipline.ops.first_run.remembered import setup_sum

register = template.Library()


@register.simple_tag
def setup_progress() -> Any:
    """Return remembered.SetupSum, for {% setup_progress as progress %}."""
    return setup_sum()


@register.filter
def missing_word(part: Part) -> Any:
    """Return what an office is missing, in words."""
    return MISSING[part]
