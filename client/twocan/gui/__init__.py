"""The window: a shell over the desk and its phone that keeps no state of its own.

Everything here lives on Qt's main thread. ``bridge`` is where it meets the phone's.
"""
