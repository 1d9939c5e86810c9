"""Retention of evidence.

adoption.py links pending files of streams.evidence to the indications that need them; retention.py destroys evidence
past its retention time, and the oldest when the disk quota is exceeded; legal_holds.py exempts what is under
examination.

Called by Celery and by the pages under /retensi/.
"""
