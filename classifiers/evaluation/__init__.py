"""How well a classifier does, and for whom: measured on a file of labelled texts (H8).

Numbers in, reports out: knows no model of ours and no database. Used by `manage.py evaluate_classifier` and
`manage.py bias_report`; docs/evaluation.md says how to read what they write.
"""
