"""The watch process: its loop, its clocks, its self-check, and the system incidents that it opens and ends."""
