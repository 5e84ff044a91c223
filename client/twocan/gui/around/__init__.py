"""What is around the window: tray, notices, attention, a screen that stays awake."""
