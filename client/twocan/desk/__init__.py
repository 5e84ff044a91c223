"""What surrounds the calls of one person: accounts, settings, history, devices, the bell.

It runs beside the phone, on asyncio's thread, and knows nothing of windows. A face is shown frozen
copies of it (``state.DeskView``). ``state`` and ``settings`` are light: a window draws itself from
them before anything else is loaded.
"""
