"""Simulated cameras for the demo and the tests, with real RTSP, H.264 and H.265.

Owns rendered offices, scripted people, and faults on demand (dark, frozen, moved, dead, corrupted).
Runs as a separate process: python -m streams.simulator.

The product never imports it; only discipline.tools, management commands and tests do.
"""
