from django.apps import AppConfig


class ClassifiersConfig(AppConfig):
    """Here only so that Django finds the `train_head` command; the package has no tables."""

    name = "classifiers"
