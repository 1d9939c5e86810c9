"""H.265, and what differs between it and H.264 (streams/source/h264.py) when pictures go into MP4."""
