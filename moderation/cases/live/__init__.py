"""Live updates of the queue and of cases: what the database says, told to every open page that may hear it (D4).

`access` says who may hear what, `streams` are the open lines, `broadcast` tells them, `listener` hears the database,
and `server` is the ASGI application around them.
"""
