"""One engine for CPU and GPU that runs transformers' text encoders over rows of token ids (H1, H2).

`build.build_engine` makes an `Engine` of a loaded model; `Engine.run` is all that callers need. Models of the BERT
family run packed (no padding in the linear layers), all others as transformers runs them, sorted by length. Importing
this package loads neither torch nor a model.
"""
