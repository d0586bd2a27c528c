from moderation.scoring.models.bias import BiasReport
from moderation.scoring.models.classifiers import Classifier, ClassifierLabel
from moderation.scoring.models.hashes import HashList, KnownHash
from moderation.scoring.models.scores import (
    Blurred,
    BlurredPreview,
    ClassifierRevision,
    Embedding,
    Score,
    ScoreRequest,
)
from moderation.scoring.models.terms import Term, TermList

__all__ = [
    "BiasReport",
    "Blurred",
    "BlurredPreview",
    "Classifier",
    "ClassifierLabel",
    "ClassifierRevision",
    "Embedding",
    "HashList",
    "KnownHash",
    "Score",
    "ScoreRequest",
    "Term",
    "TermList",
]
