"""From a camera's address to packets and keyframes.

rtsp.py is where a camera is opened. Owns the ring of newest packets, H.264 headers, fragmented MP4 and MP4 files,
the clock that maps a camera's time stamps to ours, and the newest picture of each camera in Valkey.

Called by watch for looks, by live for viewers, by evidence for clips, by setup for probes.
"""
