"""The day of an office, minute by minute: its events, and the stored pictures around them.

events_rule.py finds the events of a counter's strip (pure); office_day.py gathers the day of an office for the page
and its scrubber (static/js/board/day.js). Nothing is recorded for it.

Called by browsers, and by the office page for today.
"""
