"""Findings of spot checks: the rule of their dialogue (pure), the writer, the notices and the views."""
