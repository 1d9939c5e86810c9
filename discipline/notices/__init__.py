"""Notices to users: who is notified of what, when, and through which channel.

rule.py decides (pure: modes, escalation, quiet hours, digests), outbox.py queues rows of Delivery, delivery.py sends
what is due, senders.py has one class for each channel, devices.py keeps the browsers that take web push.

Called by alerts, spotchecks and reports, which say what happened; they never choose a channel.
"""
