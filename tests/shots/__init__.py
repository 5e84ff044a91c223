"""Pictures of the window: what it can show, drawn without a phone behind it."""
