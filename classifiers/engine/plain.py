"""Any transformers model over padded rows, as transformers runs it: what packed rows are compared with."""

from typing import Any, Literal

import torch
from torch.nn import functional

from classifiers.engine.pack import Rows, to_device

Output = Literal["mean", "logits"]


class Plain:
    """Runs rows of token ids: the `logits` of a sequence classifier, or the unit `mean` of an encoder's last layer.

    Rows should be of like length: all are padded to the longest.
    """

    def __init__(self, model: Any, output: Output) -> None:
        self._model, self._output = model, output
        pad = model.config.pad_token_id
        self._pad = 0 if pad is None else pad
        # Models that look for the last token of a row by the padding cannot read several rows without one.
        self.alone = pad is None and output == "logits"
        self.longest = longest_of(model.config)

    def __call__(self, rows: Rows) -> Any:
        """(rows, width) in float32 on the device, in the order of `rows`."""
        longest, device = max(len(row) for row in rows), self._model.device
        ids = [[*row, *[self._pad] * (longest - len(row))] for row in rows]
        mask = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
        seen = to_device(torch.tensor(mask).numpy(), device)
        found = self._model(input_ids=to_device(torch.tensor(ids).numpy(), device), attention_mask=seen)
        if self._output == "logits":
            return found.logits.float()
        weights = seen.unsqueeze(-1).float()
        mean = (found.last_hidden_state.float() * weights).sum(1) / weights.sum(1)
        return functional.normalize(mean, dim=1)


def longest_of(config: Any) -> int:
    """How many tokens a row may have. RoBERTa's table of positions begins behind the id of the padding."""
    longest = getattr(config, "max_position_embeddings", None) or 512
    shifted = getattr(config, "model_type", "") in {"roberta", "xlm-roberta", "camembert"}
    return int(longest - config.pad_token_id - 1 if shifted else longest)
