"""VP8 (RFC 6386): the codec by libvpx, how it is set, and its RTP payload."""
