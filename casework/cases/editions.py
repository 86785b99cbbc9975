"""The editions that answers were made with, kept whole, so that every answer can be worked out again."""

import json
import threading
import zlib
from collections import OrderedDict

from sqlalchemy.exc import IntegrityError

from casework.cases.models import Edition
from casework.refusals import NotFound, Refused
from casework.store.work import Work
from engine.diagnosis import Office
from engine.knowledge.check import inspect_documents
from engine.knowledge.model import Knowledge
from engine.knowledge.read import read_text

_OPENED_AT_MOST = 4
_opened: OrderedDict[str, Office] = OrderedDict()
_lock = threading.Lock()


def keep(work: Work, knowledge: Knowledge) -> str:
    """Keep the files of an edition, once; gives its hash."""
    if work.session.get(Edition, knowledge.edition) is None:
        files = zlib.compress(json.dumps(dict(knowledge.texts), ensure_ascii=False).encode(), 9)
        try:
            with work.session.begin_nested():
                work.session.add(Edition(hash=knowledge.edition, kept_at=work.now, files=files))
        except IntegrityError:
            pass  # somebody else kept the same files meanwhile
    return knowledge.edition


def office_of(work: Work, edition: str, current: Office | None = None) -> Office:
    """Open a kept edition, ready to answer.

    Args:
        work: Whoever needs it.
        edition: Its hash.
        current: The edition in force, which is taken when it is that one.

    Raises:
        NotFound: when it was never kept.
        Refused: when what was kept is not what it was.
    """
    if current is not None and current.knowledge.edition == edition:
        return current
    with _lock:
        if edition in _opened:
            _opened.move_to_end(edition)
            return _opened[edition]
    office = Office(_knowledge(work, edition))
    with _lock:
        _opened[edition] = office
        while len(_opened) > _OPENED_AT_MOST:
            _opened.popitem(last=False)
    return office


def _knowledge(work: Work, edition: str) -> Knowledge:
    kept = work.session.get(Edition, edition)
    if kept is None:
        raise NotFound
    try:
        texts = json.loads(zlib.decompress(kept.files))
        knowledge, problems = inspect_documents(read_text(text, file) for file, text in texts.items())
    except (ValueError, zlib.error, AttributeError):
        raise Refused("facts-edition-altered") from None
    if knowledge.edition != edition or any(not problem.is_warning for problem in problems):
        raise Refused("facts-edition-altered")
    return knowledge
