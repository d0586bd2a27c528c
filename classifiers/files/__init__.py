"""Scanners of files: bytes in, findings out (A8). Nothing here runs, loads or fetches what it reads."""
