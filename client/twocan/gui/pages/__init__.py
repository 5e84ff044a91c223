"""The pages of the window, but for a call's and the settings', which are packages of their own."""
