"""Hints on streets for an operator's eye: what may be a congestion, or water at a mark.

Nothing here alerts, counts or is public.
"""
