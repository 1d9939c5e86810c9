"""Access to the servers that all processes share: PostgreSQL's advisory locks, Valkey, and Celery's broker in it.

valkey.py gives each process one client that answers or fails within two seconds; valkey_writer.py stores in a thread of
its own, for callers that must not wait so long; locks.py lists every advisory lock; task_queue.py sends Celery tasks
for immediate execution; broker.py is their transport.
lost_connections.py frees what errors of a database that is away would keep, memory.py bounds what malloc keeps.
The room is in streams because discipline and streams both need it.

Called by code that must run in one process at a time across machines, and by code that keeps short-lived state in
Valkey.
"""
