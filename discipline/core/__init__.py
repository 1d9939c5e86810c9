"""Foundations of every other room of discipline.

Owns the typed environment, in-process events, the connection to Valkey, secret files, attachments, the rules of
dialogues, clock times and durations in words, the marker of demo data, heartbeats, the graph of static modules, and PDF
pages.

Imports no other room of discipline.
"""
