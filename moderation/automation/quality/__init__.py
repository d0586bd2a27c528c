"""How good the configured classifiers are on our own decisions, and for whom (H8, H9)."""
