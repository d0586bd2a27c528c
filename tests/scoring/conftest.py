from tests.cases.conftest import report, score

__all__ = ["report", "score"]
