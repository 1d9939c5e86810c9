"""The watch process: its loop, its clocks, its doubt in itself, and system incidents opened and ended."""
