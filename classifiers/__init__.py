"""Classifiers of content: text in, scores with their evidence and provenance out. Knows no model of ours."""
