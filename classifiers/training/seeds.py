"""The same training from several seeds, at once where there are processors, and the mean of what comes of it.

The mean of runs that began alike is better than each of them (Wortsman and others, 2022), and of one model's size.
"""

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import torch
from transformers import AutoModel

from classifiers.encoder import load_tokenizer
from classifiers.training.adapt import Adapted, Plan, train
from classifiers.training.masked import LABELS, Row
from classifiers.weights import model_folder


def trained(rows: Sequence[Row], plans: Sequence[Plan], say: Callable[[str], None]) -> list[Adapted]:
    """A model of each plan, in their order. Several are trained at once, each in a process of its own."""
    if len(plans) == 1:
        with one_thread():
            return [train(Adapted(packaged(), len(LABELS)), load_tokenizer(model_folder()), rows, plans[0], say)]
    models = []
    at_once = min(len(plans), os.cpu_count() or 1)
    # Started afresh: the threads of this process, and what they hold locked, do not survive a fork.
    with ProcessPoolExecutor(at_once, mp_context=get_context("spawn"), initializer=_on_one_thread) as processes:
        for weights in processes.map(_weights, itertools.repeat(rows), plans):
            model = Adapted(packaged(), len(LABELS))
            model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
            model.freeze()
            models.append(model.eval())
    return models


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums come in one order, so that equal work gives equal bytes; what is next to nothing counts as nothing."""
    threads = torch.get_num_threads()
    _on_one_thread()
    try:
        yield
    finally:  # it would hold for all arithmetic of this process
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads)


def _on_one_thread() -> None:
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)


def _weights(rows: Sequence[Row], plan: Plan) -> dict[str, Any]:
    """What `trained` asks of a process: the weights by their names."""
    begun = Adapted(packaged(), len(LABELS))
    tokenizer = load_tokenizer(model_folder())
    model = train(begun, tokenizer, rows, plan, lambda line: print(f"seed {plan.seed}: {line}", flush=True))
    return {name: value.numpy() for name, value in model.state_dict().items()}


def packaged() -> Any:
    """The encoder as it is packaged, ready to be trained: nothing in it is left to chance."""
    return AutoModel.from_pretrained(
        model_folder(),
        local_files_only=True,
        dtype=torch.float32,
        attn_implementation="eager",  # short rows: twice as fast on a processor as the fused kernel's way back
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def average(models: Sequence[Adapted]) -> Adapted:
    """The first of the models with the mean of the weights of all."""
    first, *others = models
    weights = [dict(one.named_parameters()) for one in others]
    with torch.no_grad():
        for name, value in first.named_parameters():
            for number, one in enumerate(weights, start=2):
                value.add_((one[name] - value) / number)
    first.eval()
    return first
