"""Explaining and deciding an indication: the rules (pure), the only writer of Decision, forms, views, notices."""
