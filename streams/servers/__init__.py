"""Access to the servers that all processes share: PostgreSQL's advisory locks and Valkey.

valkey.py gives each process one client that answers or fails within two seconds; locks.py lists every advisory lock.
The room is in streams because discipline and streams both need it.

Called by code that must run in one process at a time across machines, and by code that keeps short-lived state in
Valkey.
"""
