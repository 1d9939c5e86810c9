"""Webhooks: what is new of an indication, sent to those who want to know.

queue.py makes one call per event and webhook, delivery.py sends what is due, signed, and tries for a day.

Called by Celery's beat.
"""
