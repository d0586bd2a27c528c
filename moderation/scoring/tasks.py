from foundation import bells
from moderation.scoring import bias, previews

measure_bias = bells.answers("measure_bias")(bias.measure_waiting)
make_previews = bells.answers("make_previews")(previews.make_previews)
