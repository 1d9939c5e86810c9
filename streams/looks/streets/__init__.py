"""Hints on streets for an operator's eye: what may be a congestion, water at a mark, or rubbish.

Nothing here alerts, counts or is public.
"""
