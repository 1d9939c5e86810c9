"""Read cameras: RTSP address → packets and keyframes.

Only client/ (an event loop) and rtsp.py (FFmpeg) open a camera. The room also owns the ring of newest packets, H.264
headers, fragmented MP4 and MP4 files, the mapping of a camera's time stamps to the server's clock, and each camera's
newest picture in Valkey.

Called by watch for samples, by live for viewers, by evidence for clips, by setup for probes.
"""
