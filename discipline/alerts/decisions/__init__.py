"""Explaining and deciding an indication: the rule (pure), the only writer of Decision, forms, views, notices."""
