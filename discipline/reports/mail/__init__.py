"""Reports that are mailed each day, week or month.

calendar.py holds which reports are due when (pure), sending.py the outbox, subscriptions.py who gets which report and
the links that stop it.

Used by Celery's beat and by the pages under /pemberitahuan/laporan/.
"""
