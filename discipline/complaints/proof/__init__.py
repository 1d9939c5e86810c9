"""Proof of work: a browser spends a second of computing on what it sends, so that sending thousands is expensive."""
