"""Whether each counter is staffed, judged from samples and duty hours.

rule.py is the staffing rule, from which indications follow (pure). ledger.py is the only writer of Standing and Flip:
it stores the changes that samples and deadlines cause, and publishes them. The room also owns rejudging stored spans,
the tally of a day, and system incidents.

Called by ops.watch (samples) and by Celery's sweep (deadlines); read by alerts, board and reports.
"""
