"""Hints on streets for an operator's eye: what may be a congestion. Nothing here alerts, counts or is public."""
