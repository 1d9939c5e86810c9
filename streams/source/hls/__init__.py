"""Write what `watch` reads as HLS: fragmented MP4 in files, for viewers without a login."""
