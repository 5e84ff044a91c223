"""How often a call is looked at while somebody looks at it, in milliseconds."""

SECOND = 1000
"""Durations, quality and figures."""
LEVEL = 66
"""The meter of the microphone."""
LINGER = 3000
"""That controls stay on a picture after the last movement."""
