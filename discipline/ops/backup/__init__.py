"""Backups: making one in a folder, and restoring it (manage.py backup and restore)."""
