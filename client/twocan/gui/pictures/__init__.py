"""Pictures on the screen: drawn once each, and only where somebody can see them."""
