from foundation import bells
from moderation.scoring import bias

measure_bias = bells.answers("measure_bias")(bias.measure_waiting)
