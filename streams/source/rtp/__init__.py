"""RTP and RTCP without I/O: packets in order, whole pictures out of payloads, reports, a camera's clock beside ours."""
