"""Servers on this machine for `make run` and tests: embedded PostgreSQL and Valkey, and a supervisor of processes."""
