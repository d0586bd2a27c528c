"""Fitting the head of the default text classifier; used by `manage.py train_head` only."""
