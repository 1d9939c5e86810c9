"""Demo cameras: a real RTSP server, rendered footage and faults on demand. Free of Django."""
