"""What runs Sidak: its processes, its health, its web server, and how rooms are wired to each other's events.

watch/ is the process that looks, web/ the middleware and headers, local/ the embedded servers and the supervisor.
health.py answers /healthz.

Called by manage.py commands, by Celery and by the web server.
"""
