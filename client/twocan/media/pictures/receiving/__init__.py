"""Their pictures on their way in: what is missing, what the network bears, when each is shown."""
