"""The weights of a BERT-like encoder in one shape, read out of transformers' model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn
from torch.nn import functional

from classifiers.engine.linear import ACTIVATIONS

# Post-norm encoders with learned absolute positions and nothing else. Others run as transformers runs them.
BERT_LIKE = frozenset({"bert", "roberta", "xlm-roberta", "camembert", "electra"})
# Their positions begin behind the id of the padding.
SHIFTED = frozenset({"roberta", "xlm-roberta", "camembert"})


@dataclass(frozen=True)
class Layer:
    """The parts of one layer, as torch modules: projections, then what follows attention and feed-forward."""

    query: Any
    key: Any
    value: Any
    out: Any
    out_norm: Any
    up: Any
    down: Any
    down_norm: Any


@dataclass(frozen=True)
class Body:
    """An encoder: `words` is (vocabulary, size), `positions` (longest, size) with the token type added in."""

    words: Any
    positions: Any
    norm: Any
    layers: tuple[Layer, ...]
    heads: int
    activation: str


def body_of(model: Any) -> Body | None:
    """The encoder inside a transformers model; None if it is not of a kind that we know whole."""
    base, config = model.base_model, model.config
    if getattr(config, "is_decoder", False) or hasattr(base, "embeddings_project"):
        return None
    if config.model_type == "distilbert":
        return _distilbert(base) if config.activation in ACTIVATIONS else None
    if config.model_type in BERT_LIKE and config.hidden_act in ACTIVATIONS:
        return _bert(base)
    return None


def head_of(model: Any) -> Callable[[Any], Any] | None:
    """From the states of the first tokens (rows, size) to logits (rows, labels), as this sequence classifier does it.

    None for a model of a kind that we do not know. Keeps nothing of the encoder.
    """
    kind = model.config.model_type
    if type(model).__name__.endswith("ForSequenceClassification"):
        if kind == "bert":
            return _Head([model.bert.pooler.dense, nn.Tanh(), model.classifier])
        if kind == "distilbert":
            return _Head([model.pre_classifier, nn.ReLU(), model.classifier])
        if kind in SHIFTED:
            return _Head([model.classifier.dense, nn.Tanh(), model.classifier.out_proj])
        if kind == "electra":
            return _Head([model.classifier.dense, functional.gelu, model.classifier.out_proj])
    return None


class _Head:
    def __init__(self, steps: list[Any]) -> None:
        self._steps = steps

    def __call__(self, states: Any) -> Any:
        for step in self._steps:
            states = step(states)
        return states


def _bert(base: Any) -> Body:
    tables = base.embeddings
    first = base.config.pad_token_id + 1 if base.config.model_type in SHIFTED else 0
    positions = tables.position_embeddings.weight.detach()[first:] + tables.token_type_embeddings.weight.detach()[0]
    layers = tuple(
        Layer(
            query=layer.attention.self.query,
            key=layer.attention.self.key,
            value=layer.attention.self.value,
            out=layer.attention.output.dense,
            out_norm=layer.attention.output.LayerNorm,
            up=layer.intermediate.dense,
            down=layer.output.dense,
            down_norm=layer.output.LayerNorm,
        )
        for layer in base.encoder.layer
    )
    words = tables.word_embeddings.weight.detach()
    config = base.config
    return Body(words, positions, tables.LayerNorm, layers, config.num_attention_heads, config.hidden_act)


def _distilbert(base: Any) -> Body:
    tables = base.embeddings
    layers = tuple(
        Layer(
            query=layer.attention.q_lin,
            key=layer.attention.k_lin,
            value=layer.attention.v_lin,
            out=layer.attention.out_lin,
            out_norm=layer.sa_layer_norm,
            up=layer.ffn.lin1,
            down=layer.ffn.lin2,
            down_norm=layer.output_layer_norm,
        )
        for layer in base.transformer.layer
    )
    words, positions = tables.word_embeddings.weight.detach(), tables.position_embeddings.weight.detach()
    return Body(words, positions, tables.LayerNorm, layers, base.config.n_heads, base.config.activation)
