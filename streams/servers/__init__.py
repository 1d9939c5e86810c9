"""The two servers that processes share: PostgreSQL's advisory locks and the client of Valkey.

valkey.py gives each process one client that answers or fails within two seconds; locks.py lists every advisory lock.
It stands in streams because discipline and streams both need it.

Called by whatever must happen once at a time on all machines, and by what keeps short-lived state in Valkey.
"""
