"""Office-days played and replayed: the rule against the truth, false alarms against the detector."""
