"""Which evidence stays, and for how long.

adoption.py links pending files of streams.evidence to the indications that need them; retention.py destroys what is
due, oldest first when room runs out; legal_holds.py keeps what is under examination.

Called by Celery and by the pages under /retensi/.
"""
