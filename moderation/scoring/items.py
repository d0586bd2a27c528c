"""What a classifier reads of a snapshot: its text, or the bytes of the file that it shows."""

from classifiers.files.formats import is_picture
from moderation.scoring.models import Classifier
from moderation.subjects.files import is_file
from moderation.subjects.models import Snapshot
from repositories import git

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic")
# A larger file is given to no classifier: it would have to lie in memory whole. Files are scanned in streams besides,
# whatever their size (repositories.scanning).
MOST_BYTES = 64 * 1024**2
HEAD = 16  # bytes that show whether a file is a picture
OF_TEXTS = (Classifier.Kind.TEXT, Classifier.Kind.TERMS)


def concerns(kind: str, snapshot: Snapshot) -> bool:
    """Whether classifiers of this kind have something to read in `snapshot`."""
    if kind in OF_TEXTS:
        return True
    return is_file(snapshot) and (kind == Classifier.Kind.FILE or _is_picture(snapshot))


def _is_picture(snapshot: Snapshot) -> bool:
    """Whether it is named as a picture or begins like one; a name alone would let any picture by."""
    if snapshot.title.lower().endswith(IMAGES):
        return True
    repository = snapshot.subject.repository if snapshot.subject_id else None
    file = git.find_content(repository, snapshot.revision) if repository is not None and snapshot.revision else None
    if repository is None or file is None:
        return False
    try:
        with git.open_file(repository, file) as stream:
            return is_picture(stream.read(HEAD))
    except OSError:
        return True  # asked about, so that its request says what is wrong with the disk


def item_of(kind: str, snapshot: Snapshot) -> bytes | tuple[str, bytes] | None:
    """What a classifier of images or files reads of `snapshot`: bytes as reported, of a file with its path.

    None where there is nothing to read: the content was destroyed since, or is larger than MOST_BYTES.
    """
    repository = snapshot.subject.repository
    if repository is None or not is_file(snapshot):
        return None
    file = git.find_content(repository, snapshot.revision)
    if file is None:
        return None
    with git.open_file(repository, file) as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return None
    return (snapshot.title, content) if kind == Classifier.Kind.FILE else content
