"""Operation: the watch process, health, the web server's parts, and the wiring of the rooms' events.

watch/ is the process that reads and judges cameras, web/ middleware and headers, local/ the embedded servers and the
process supervisor; append_only/ keeps records from being rewritten unseen; backup/ and doctor/ are what administrators
run. health.py computes the answer of /healthz, metrics.py turns it into that of /metrics. production.py refuses to
start with the demo's data (demo_data.py), without HTTPS or as the database's owner.

Called by manage.py commands, by Celery and by the web server.
"""
