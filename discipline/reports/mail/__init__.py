"""Reports that come by mail each day, week or month.

calendar.py says what is due when (pure), sending.py is the outbox, subscriptions.py who gets what and how to stop.

Called by Celery's beat and by the pages under /pemberitahuan/laporan/.
"""
