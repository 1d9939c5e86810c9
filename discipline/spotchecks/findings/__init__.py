"""Findings of spot checks: how they are answered and closed, the rule (pure), the writer, notices and views."""
