"""Examine an installation and say how to mend it (manage.py doctor). The checks are those of /healthz and of Django."""
