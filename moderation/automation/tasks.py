from foundation import bells
from moderation.automation import pipeline, rules, screening

forget_prints = bells.answers("forget_prints")(screening.forget_prints)
score_pending = bells.answers("score_pending")(pipeline.score_pending)
evaluate_rules = bells.answers("evaluate_rules")(rules.evaluate_rules)
screen_texts = bells.answers("screen_texts")(screening.screen_texts)
