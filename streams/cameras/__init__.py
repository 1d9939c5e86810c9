"""Which cameras there are, and which zones of their pictures belong to which counter.

Owns the tables Camera, Zone, OccupancySpan and Watcher, and the words for what cameras report.
Passwords are encrypted by streams.secrets.

Called by every room of streams that follows, and by staffing, evidence and board of discipline.
"""
