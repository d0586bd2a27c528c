"""What a label without a model of its own is looked for by: the wording of the clause that it speaks for (H2)."""

from collections.abc import Mapping
from dataclasses import replace

from classifiers.contract import Specification
from moderation.policy.models import Clause

ENGINE, OPTION = "zero-shot", "hypotheses"


def with_clauses(spec: Specification) -> Specification:
    """`spec` of the engine “zero-shot” with title and text of their clauses for labels whose words it does not name.

    One query, none where no label needs it; while no clause changed an equal specification, so that whoever compares
    need not load it again. A label without words and without a clause stays so, which the engine refuses; so does it
    options that are no object. Other specifications stay as they are.
    """
    given = spec.options.get(OPTION, {})
    if spec.engine != ENGINE or not isinstance(given, Mapping):
        return spec
    wanted = {label.name: label.clause for label in spec.labels if label.clause and label.name not in given}
    if not wanted:
        return spec
    rows = Clause.objects.filter(code__in=wanted.values()).values_list("code", "title", "text")
    said = {code: [words for words in texts if words.strip()] for code, *texts in rows}
    found = {name: said[clause] for name, clause in wanted.items() if said.get(clause)}
    return replace(spec, options={**spec.options, OPTION: {**given, **found}})
