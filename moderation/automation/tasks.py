from foundation import bells
from moderation.automation import pipeline, rules, screening, succession

forget_prints = bells.answers("forget_prints")(screening.forget_prints)
score_pending = bells.answers("score_pending")(pipeline.answer_bell)
replace_scores = bells.answers("replace_scores")(succession.replace_scores)
evaluate_rules = bells.answers("evaluate_rules")(rules.evaluate_rules)
screen_files = bells.answers("screen_files")(screening.screen_files)
screen_texts = bells.answers("screen_texts")(screening.screen_texts)
