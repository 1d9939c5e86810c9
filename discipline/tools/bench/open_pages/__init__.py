"""Benches of pages that stay open: boards and queues."""
