"""How the figures of a report came about (H7)."""

from classifiers.evaluation.document import Table
from classifiers.evaluation.settings import Settings, Source
from classifiers.text import Provenance


def facts(provenance: Provenance, source: Source, settings: Settings, made_on: str) -> Table:
    """The classifier, the file and the settings, as a table."""
    sampled = f"{source.scored:,} of {source.in_file:,}"
    return Table(
        "How these figures came about",
        ("What", "Value"),
        [
            ("Classifier", f"{provenance.name}, head {provenance.head_version}, code {provenance.code_version}"),
            ("Model", f"{provenance.model} ({provenance.weights_sha256[:12]})"),
            ("Ran on", f"{provenance.device} in {provenance.precision}"),
            ("Libraries", ", ".join(f"{name} {version}" for name, version in provenance.libraries.items())),
            ("File", f"{source.file} (SHA-256 {source.sha256[:12]})"),
            ("Rows scored", f"{sampled}; {source.without_text:,} had no text"),
            ("Intervals", f"95 %, bootstrap of {settings.rounds:,} rounds within each side, seed {settings.seed}"),
            ("Too few", f"fewer than {settings.least} rows of a side that a figure needs"),
            ("Made on", made_on),
        ],
    )
