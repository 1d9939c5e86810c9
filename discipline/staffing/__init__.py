"""Whether a counter is staffed, and what that means.

rule.py is the rule that may accuse (pure). ledger.py is the only writer of Standing and Flip: it stores what samples
and deadlines change, and publishes it. Also owns judging stored spans again, the tally of a day, and system incidents.

Called by ops.watch (samples) and by Celery's sweep (deadlines); read by alerts, board and reports.
"""
