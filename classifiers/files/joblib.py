"""Pickles of joblib, which writes the numbers of arrays between the opcodes: where a plain reader loses its way.

The opcodes are followed with a stack of placeholders, just far enough to know how long each array is. Nothing is
called and nothing imported.
"""

import re
from io import BytesIO
from math import prod
from pickletools import genops, markobject, stackslice
from typing import Any

from classifiers.files.budget import Budget

WRAPPER = ("joblib.numpy_pickle", "NumpyArrayWrapper")
MARK = b"NumpyArrayWrapper"
DTYPE = re.compile(r"[<>|=]?([biufcmMSUVO])(\d{1,9})")
# Kinds whose size an array's own record may change, and what such a record says: a sub-array, names, fields, the size.
FLEXIBLE, SUBARRAY, NAMES, FIELDS, SIZE = "SUV", 2, 3, 4, 5
# Opcodes that could make a second way to an array.
MISLEADING = frozenset(
    {"DUP", "INST", "OBJ", "NEWOBJ_EX", "PERSID", "BINPERSID", "EXT1", "EXT2", "EXT4", "NEXT_BUFFER"}
)
# Of a record of its state, what the wrapper's array is read by.
SHAPE, KIND, ALIGNED = "shape", "dtype", "numpy_array_alignment_bytes"
STATE = frozenset({SHAPE, KIND, ALIGNED})
# Of one pickle, whatever number of arrays it has: what they build stays in memory until its end.
MAX_OPCODES = 400_000
# As many as NumPy had until its second version; the product of more sides is a number of any length.
MAX_SIDES = 32


class _Object:
    """What a pickle builds: what it is an instance of, what it was made from, and its state."""

    def __init__(self, of: Any, made_from: Any = ()) -> None:
        self.of, self.made_from = of, made_from
        self.state: Any = {}


class Lost(Exception):  # noqa: N818 - reads as what happened
    """The opcodes lead nowhere that an array's length could be known from."""


def without_arrays(data: bytes, budget: Budget) -> tuple[bytes, bool]:
    """The pickle with the numbers of its arrays cut out, and whether that went well to its end.

    Arrays of objects are pickles of their own; they come behind it. Where it did not go well the rest is as it was.
    Each opcode that is followed is taken from `budget`.
    """
    stream, kept, behind = BytesIO(data), bytearray(), bytearray()
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    start = 0
    counter = _Counter(budget)
    try:
        while True:
            end, wrapper = _next_wrapper(stream, stack, memo, counter)
            kept += data[start:end]
            if wrapper is None:
                return bytes(kept + behind + data[end:]), True
            if _is_of_objects(wrapper):
                start = _end_of_pickle(stream, counter)
                behind += data[end:start]
            else:
                start = end + _length(wrapper, data[end : end + 1])
                if start > len(data):
                    raise Lost  # noqa: TRY301 - ends as every other way to get lost
            stream.seek(start)
    except Exception:  # noqa: BLE001 - hostile opcodes make the reader raise whatever comes
        return bytes(kept) + data[max(start, len(kept)) :], False


class _Counter:
    """Counts the opcodes of one pickle, all arrays together."""

    def __init__(self, budget: Budget) -> None:
        self._budget, self._left = budget, MAX_OPCODES

    def count(self) -> None:
        """One more. Raises Lost when there were too many."""
        self._left -= 1
        self._budget.opcodes -= 1
        if self._left < 0 or self._budget.opcodes < 0:
            raise Lost


def _next_wrapper(
    stream: BytesIO, stack: list[Any], memo: dict[int, Any], counter: _Counter
) -> tuple[int, _Object | None]:
    """Follows the opcodes up to where an array begins: where, and what says how long it is; None at the end."""
    for opcode, arg, _ in genops(stream):
        counter.count()
        if opcode.name == "STOP":
            break
        if opcode.name == "BUILD" and isinstance(stack[-2], _Object) and stack[-2].of == WRAPPER:
            state = stack.pop()
            if not isinstance(state, dict):
                raise Lost
            wrapper = stack[-1]
            wrapper.state = {**wrapper.state, **state}  # as the loader does it, should it be the second
            stack[-1] = None  # the array takes its place
            return stream.tell(), wrapper
        _follow(opcode, arg, stack, memo)
    return stream.tell(), None


def _follow(opcode: Any, arg: Any, stack: list[Any], memo: dict[int, Any]) -> None:
    """Does what an opcode does. Raises Lost where a wrapper could come to be in a way that is not followed."""
    if opcode.name in MISLEADING:
        raise Lost
    match opcode.name:
        case "MEMOIZE":
            memo[len(memo)] = stack[-1]
        case "PUT" | "BINPUT" | "LONG_BINPUT":
            memo[arg] = stack[-1]
        case "GET" | "BINGET" | "LONG_BINGET":
            stack.append(memo[arg])
        case "GLOBAL":
            stack.append(tuple(arg.split(" ", 1)))
        case "STACK_GLOBAL":
            name, module = stack.pop(), stack.pop()
            stack.append((module, name))
        case "NEWOBJ" | "REDUCE":
            made_from, of = stack.pop(), stack.pop()
            if of == WRAPPER and (opcode.name == "REDUCE" or made_from != ()):
                raise Lost
            stack.append(_Object(of, made_from))
        case "BUILD":
            state = stack.pop()
            if isinstance(stack[-1], _Object):
                stack[-1].state = state
        case "EMPTY_DICT":
            stack.append({})
        case "SETITEM":
            _set(stack[-3], [stack[-2], stack[-1]])
            del stack[-2:]
        case "SETITEMS":
            values = _to_mark(stack)
            _set(stack[-1], values)
        case "TUPLE":
            stack.append(tuple(_to_mark(stack)))
        case "TUPLE1" | "TUPLE2" | "TUPLE3":
            number = int(opcode.name[-1])
            stack[-number:] = [tuple(_plain(stack[-number:]))]
        case "EMPTY_TUPLE":
            stack.append(())
        case _:
            _pass(opcode, arg, stack)


def _pass(opcode: Any, arg: Any, stack: list[Any]) -> None:
    """Any other opcode: takes and gives as many values as it says; what is written in it is its value."""
    if opcode.name == "POP":
        stack.pop()
        return
    takes = opcode.stack_before
    if stackslice in takes:
        _to_mark(stack)
        takes = takes[: takes.index(markobject)]
    if takes:
        _plain(stack[-len(takes) :])
        del stack[-len(takes) :]
    for given in opcode.stack_after:
        constant = {"NEWTRUE": True, "NEWFALSE": False}.get(opcode.name, arg)
        stack.append(markobject if given is markobject else constant)


def _to_mark(stack: list[Any]) -> list[Any]:
    values = []
    while (value := stack.pop()) is not markobject:
        values.append(value)
    return _plain(values[::-1])


def _plain(values: list[Any]) -> list[Any]:
    """`values`, none of which is the wrapper's class: it is of use to be made an object of, and for nothing else."""
    if WRAPPER in values:
        raise Lost
    return values


def _set(target: Any, values: list[Any]) -> None:
    """Keeps what an array is read by: states may be copied once for each array."""
    if isinstance(target, dict):
        pairs = zip(values[::2], values[1::2], strict=True)
        target |= {key: value for key, value in pairs if isinstance(key, str) and key in STATE}


def _kind(wrapper: _Object) -> re.Match[str]:
    dtype = wrapper.state.get(KIND)
    said = dtype.made_from[0] if isinstance(dtype, _Object) and dtype.made_from else ""
    if not isinstance(dtype, _Object) or dtype.of != ("numpy", "dtype") or not isinstance(said, str):
        raise Lost
    kind, state = DTYPE.fullmatch(said), dtype.state
    if kind is None:
        raise Lost
    if kind[1] in FLEXIBLE:
        size = int(kind[2]) * (4 if kind[1] == "U" else 1)
        known = isinstance(state, tuple) and len(state) > SIZE and state[SIZE] == size
        if not known or any(state[place] is not None for place in (SUBARRAY, NAMES, FIELDS)):
            raise Lost
    return kind


def _is_of_objects(wrapper: _Object) -> bool:
    return _kind(wrapper)[1] == "O"


def _length(wrapper: _Object, padding: bytes) -> int:
    """How many bytes an array takes, with what fills up before it to where its numbers begin."""
    kind, shape = _kind(wrapper), wrapper.state.get(SHAPE)
    if not isinstance(shape, tuple) or len(shape) > MAX_SIDES:
        raise Lost
    if not all(isinstance(side, int) and 0 <= side < 2**48 for side in shape):
        raise Lost
    size = int(kind[2]) * (4 if kind[1] == "U" else 1)
    filled = 1 + padding[0] if wrapper.state.get(ALIGNED) is not None else 0
    return filled + prod(shape) * size


def _end_of_pickle(stream: BytesIO, counter: _Counter) -> int:
    """Where the pickle ends that begins here."""
    for _ in genops(stream):
        counter.count()
    return stream.tell()
