"""The path by which migration 0008 names `usual_digest`; the models of notices are in discipline.notices.models."""

from discipline.notices.models import usual_digest

__all__ = ["usual_digest"]
