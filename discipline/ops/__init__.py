"""Operation: the watch process, health, the web server's parts, and the wiring of the rooms' events.

watch/ is the process that reads and judges cameras, web/ middleware and headers, local/ the embedded servers and the
process supervisor. health.py computes the answer of /healthz.

Called by manage.py commands, by Celery and by the web server.
"""
