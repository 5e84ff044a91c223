"""Being installed: one program of several that were downloaded is the current one, the system knows
where it is, and all of it goes away again.

Everything is the person's own: no administrator, nothing outside their folders or their part of the
registry. ``holding`` is read at every start, and imports next to nothing; ``starting`` is what the
window's face asks before Qt is loaded.
"""
