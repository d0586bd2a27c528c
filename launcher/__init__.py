"""Starts and stops everything Ombud runs on: the embedded PostgreSQL, the web server, workers and scheduler.

Standard library only, and nothing of Django: what needs Django runs in a child process.
"""
