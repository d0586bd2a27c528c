from foundation import bells
from moderation.automation import pipeline, rules

score_pending = bells.answers("score_pending")(pipeline.score_pending)
evaluate_rules = bells.answers("evaluate_rules")(rules.evaluate_rules)
