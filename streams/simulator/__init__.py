"""Cameras for the demo and the tests: they speak real RTSP with real H.264 and H.265.

Owns rendered offices, scripted people, and faults on demand (dark, frozen, moved, dead, garbled).
Runs as a process of its own: python -m streams.simulator.

Nothing of the product imports it; only discipline.tools, management commands and tests do.
"""
