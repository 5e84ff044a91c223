"""Pictures: cameras and screens, VP8, what the network bears, and when each is shown."""
