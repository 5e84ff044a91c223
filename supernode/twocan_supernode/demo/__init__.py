"""A site to try the call button on, and to copy from. ``site.py`` is all that it has of its own."""
