"""Our pictures on their way out: how large, how many, and when each packet leaves."""
