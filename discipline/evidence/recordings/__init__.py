"""Ranges of the recordings that were exported as evidence: requested, joined, kept for good, with a receipt."""
