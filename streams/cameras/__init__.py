"""The cameras, and the zones of their pictures that belong to counters.

Owns the tables Camera, Zone, OccupancySpan and Watcher, and the texts for the codes that cameras report.
Passwords are encrypted by streams.secrets.

Called by the later rooms of streams, and by staffing, evidence and board of discipline.
"""
