"""Clips of counters with a visitor, at moments that were drawn. Nothing here judges anybody, alerts or counts."""
