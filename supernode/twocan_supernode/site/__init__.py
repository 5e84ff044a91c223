"""The server API of a site: shadow accounts, launch links, and who is there."""
