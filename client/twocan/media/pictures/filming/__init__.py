"""Cameras that need no device: a pattern, video files, screens and windows."""
