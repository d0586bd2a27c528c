"""What the first bytes of a file say it is."""

import re
import zipfile
from pickletools import opcodes
from typing import BinaryIO

# Endings under which people load pickles, and endings under which they load pickles or raw numbers.
PICKLE_ENDINGS = frozenset({".pkl", ".pickle", ".pk", ".joblib", ".dill", ".cloudpickle", ".pt", ".pth"})
MIXED_ENDINGS = frozenset({".bin", ".ckpt", ".npy", ".npz"})
OPCODES = frozenset(opcode.code.encode("latin-1") for opcode in opcodes)
# PyTorch keeps each tensor's raw numbers in such a member of its zip, and never unpickles it.
TENSOR = re.compile(r".+/data/\d+")
PICKLE_MAGIC = tuple(bytes([0x80, protocol]) for protocol in range(6))
NUMPY_MAGIC = b"\x93NUMPY"
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
STREAM_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bz2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
}
# Zstandard and LZ4 let such frames lie before and between theirs, and pass them by; how long one is comes behind.
SKIPPED = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18(.{4})", re.DOTALL)
# What no text and no table of numbers begins with: where it cannot be inflated, nobody knows what it holds.
CERTAIN_MAGIC = re.compile(
    rb"\x1f\x8b\x08|BZh[1-9](1AY&SY|\x17rE8P\x90)|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18"
)
ZLIB_MAGIC = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
STREAM_ENDINGS = frozenset({".gz", ".bz2", ".xz", ".z", ".lzma", ".zst", ".zstd", ".lz4"})
# The format that came before xz has no magic but its usual settings, so it counts under such names only.
LZMA_MAGIC = b"\x5d\x00\x00"
SEVEN_ZIP_MAGIC = b"7z\xbc\xaf\x27\x1c"
HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
# Before its signature HDF5 leaves its users 0, 512, 1024, 2048, ... bytes.
HDF5_USER_BLOCK = 512
# Endings under which a loader looks for a zip or HDF5 behind whatever the file begins with.
ZIP_ENDINGS = frozenset({".keras", ".zip"})
HDF5_ENDINGS = frozenset({".keras", ".h5", ".hdf5"})
# AVIF and HEIC are kinds of one container, which films use too.
PICTURE_BRANDS = (b"avif", b"avis", b"mif1", b"msf1", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx")
# RAR (its decoder is not free) and before it, LZ4 before its frames, lzip, lzop, cabinets, ar, xar, SquashFS.
OTHER_ARCHIVES = (
    b"Rar!\x1a\x07", b"RE\x7e\x5e", b"\x02\x21\x4c\x18", b"LZIP\x01", b"\x89LZO\x00\r\n\x1a\n", b"MSCF\0\0\0\0",
    b"!<arch>\n", b"xar!\0\x1c", b"hsqs",
)  # fmt: skip
CPIO = re.compile(rb"07070[127][0-9A-Fa-f]{70}")
TAR_MAGIC, TAR_OFFSET = b"ustar", 257
# The format's own bound on its header.
MAX_SAFETENSORS_HEADER = 100_000_000


def ending(path: str) -> str:
    """The last ending of a path with its dot, in lower case; "" for none, and for a name that starts with its dot."""
    stem, dot, last = path.rpartition("/")[2].rpartition(".")
    return f".{last.lower()}" if stem and dot else ""


def claims_pickle(path: str, head: bytes) -> bool:
    """Whether a loader could take the file for a pickle, however broken: loaders run what comes before the break.

    Raw numbers whose first byte is no opcode fail at once, so they are none.
    """
    if TENSOR.fullmatch(path):
        return False
    if ending(path) in MIXED_ENDINGS:
        return head[:1] in OPCODES
    return ending(path) in PICKLE_ENDINGS or head.startswith(PICKLE_MAGIC)


def keeps_its_word(path: str, head: bytes, size: int) -> bool | None:
    """Whether a file named as a format without code begins like one; None for a name that promises nothing."""
    match ending(path):
        case ".safetensors":
            length = int.from_bytes(head[:8], "little")
            return head[8:9] == b"{" and 2 <= length <= min(size - 8, MAX_SAFETENSORS_HEADER)
        case ".gguf":
            return head.startswith(b"GGUF")
        case ".onnx":  # a protobuf without a magic: its first field is the version of the format
            return head.startswith(b"\x08")
    return None


def image_type(head: bytes) -> str | None:
    """The MIME type of the images whose provenance we read."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def is_picture(head: bytes) -> bool:
    """Whether a file that begins so is a picture of a kind that people see in a browser; 16 bytes are enough."""
    if image_type(head) or head.startswith((b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")):
        return True
    if head.startswith(b"BM"):
        return len(head) > 10 and head[6:10] == bytes(4)
    return head[4:8] == b"ftyp" and head[8:12] in PICTURE_BRANDS


def compression(path: str, head: bytes) -> str | None:
    """How one stream is compressed. zlib's two bytes are common elsewhere, so they count under a pickle's name only."""
    begin = behind_skipped(head)
    for magic, name in STREAM_MAGIC.items():
        if begin.startswith(magic):
            return name
    if ending(path) in PICKLE_ENDINGS | {".lzma"} and head.startswith(LZMA_MAGIC):
        return "xz"
    return "gzip" if ending(path) in PICKLE_ENDINGS and head.startswith(ZLIB_MAGIC) else None


def behind_skipped(head: bytes) -> bytes:
    """What a file begins with behind frames that are passed by; b"" where they go on behind `head`."""
    place = 0
    while found := SKIPPED.match(head, place):
        place = found.end() + int.from_bytes(found[1], "little")
    return head[place:] if place else head


def is_certainly_compressed(head: bytes) -> bool:
    """Whether nothing but a compressed stream begins so."""
    return bool(CERTAIN_MAGIC.match(behind_skipped(head)))


def uncompressed(path: str) -> str:
    """The name of what a compressed file holds: "a.pkl" for "a.pkl.gz", "a.joblib" for "a.joblib"."""
    return path.removesuffix(ending(path)) if ending(path) in STREAM_ENDINGS else path


def is_hdf5(stream: BinaryIO) -> bool:
    """Whether it is HDF5, behind a user's block too. Leaves the stream anywhere."""
    place = 0
    while True:
        stream.seek(place)
        begin = stream.read(len(HDF5_MAGIC))
        if begin == HDF5_MAGIC:
            return True
        if len(begin) < len(HDF5_MAGIC):
            return False
        place = 2 * place or HDF5_USER_BLOCK


def is_hidden_zip(stream: BinaryIO) -> bool:
    """Whether a file that does not begin as a zip is one: a zip is found from its end. Leaves the stream anywhere."""
    stream.seek(0)
    return not stream.read(4).startswith(ZIP_MAGIC) and zipfile.is_zipfile(stream)


def is_other_archive(head: bytes) -> bool:
    """Whether it is an archive that we cannot look into."""
    # Frames that are passed by may go on behind what was read: what comes then, nobody knows.
    return head.startswith(OTHER_ARCHIVES) or bool(CPIO.match(head)) or (bool(head) and not behind_skipped(head))


def is_tar(head: bytes) -> bool:
    return head[TAR_OFFSET : TAR_OFFSET + len(TAR_MAGIC)] == TAR_MAGIC


def is_archive(head: bytes) -> bool:
    """Whether it is an archive that we look into."""
    return head.startswith((*ZIP_MAGIC, SEVEN_ZIP_MAGIC)) or is_tar(head)


def text(head: bytes) -> str | None:
    """The text of a file's beginning, None if it is binary."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return None if b"\0" in head else head.decode("utf-8-sig", "replace")
