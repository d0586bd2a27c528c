"""What the launcher says when it cannot go on."""


class LaunchError(Exception):
    """One clear sentence for the person at the terminal, and a way out of it."""

    def __init__(self, sentence: str, way_out: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.way_out}"


class StopAskedError(Exception):
    """Somebody asked us to stop while a step was running."""
