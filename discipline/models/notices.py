"""Import path of `usual_digest` for migration 0008. The models of notices are in discipline.notices.models."""

from discipline.notices.models import usual_digest

__all__ = ["usual_digest"]
