"""What every room of discipline builds on.

Owns the typed environment, events, the connection to Valkey, files with secrets, attachments, clock times and
durations in words, tasks sent to Celery at once, the mark of made-up data, the graph of static modules, and PDF pages.

Imports no other room of discipline.
"""
