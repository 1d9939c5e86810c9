"""Telling people: who, of what, when, through which channel.

rule.py decides (pure: modes, escalation, quiet hours, digests), outbox.py queues rows of Delivery, delivery.py sends
what is due, senders.py holds one class a channel, devices.py the browsers that take web push.

Called by alerts, spotchecks and reports, which say what happened; they never choose a channel.
"""
