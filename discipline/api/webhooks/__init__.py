"""Webhooks: post the events of indications, incidents, tasks and residents' reports to subscribed clients.

queue.py creates one call per event and webhook, delivery.py sends the due calls, signed, and retries for a day.

Called by Celery's beat.
"""
