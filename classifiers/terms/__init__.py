"""Terms that administrators list, found in texts as people write them (H4)."""

from classifiers.terms.classifier import TermsClassifier, load
from classifiers.terms.matching import Found, Term, Terms

__all__ = ["Found", "Term", "Terms", "TermsClassifier", "load"]
