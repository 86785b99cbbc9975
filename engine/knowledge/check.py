"""Judge knowledge: every mistake a policy officer can make is found here, all of them in one run.

Nothing after this room can fail because of what somebody wrote. A check never changes anything; it reads
the knowledge and gives problems. The table `CHECKS` is the list of contents.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from engine.knowledge import check_conditions, check_letters, check_names, check_offer, check_rules, check_use
from engine.knowledge.model import Knowledge
from engine.knowledge.parse import parse
from engine.knowledge.problems import Problem, Refused, codes, sort_problems
from engine.knowledge.read import (
    KNOWLEDGE_FILE_LIMIT,
    Document,
    Listing,
    Node,
    Place,
    Table,
    Word,
    edition_of,
    knowledge_files,
    read_file,
)
from engine.knowledge.vocabulary import Vocabulary

CHECKS: tuple[Callable[[Vocabulary], Iterator[Problem]], ...] = (
    check_names.check_names_are_used_once,
    check_names.check_facts,
    check_names.check_parameters,
    check_names.check_sources,
    check_names.check_regions,
    check_names.check_offices,
    check_names.check_evidence,
    check_names.check_decisions,
    check_conditions.check_conditions,
    check_rules.check_effects,
    check_rules.check_one_meaning_a_day,
    check_rules.check_circles,
    check_rules.check_chains,
    check_offer.check_services,
    check_offer.check_benefits,
    check_offer.check_papers_and_steps,
    check_offer.check_exclusivity,
    check_letters.check_letters,
    check_letters.check_one_letter_for_one_purpose,
    check_use.check_everything_is_used,
    check_use.check_conclusions_can_become_no,
    check_use.check_members_of_one_rule,
    check_use.check_numbers_are_dated,
    check_use.check_confirmed_was_seen,
)


def check(knowledge: Knowledge) -> tuple[Problem, ...]:
    """Judge parsed knowledge.

    Returns:
        Every error and warning, in the order of their places.
    """
    vocabulary = Vocabulary(knowledge)
    return sort_problems(problem for one in CHECKS for problem in one(vocabulary))


def inspect_folder(folder: Path) -> tuple[Knowledge, tuple[Problem, ...]]:
    """Read, parse and check a knowledge folder.

    Returns:
        The knowledge as far as it could be read, and all problems; when one of them is an error, the
        knowledge must not be used.
    """
    if missing := _missing_rooms(folder):
        return parse([], "")[0], (missing,)
    return inspect_documents(
        read_file(path, path.relative_to(folder).as_posix(), KNOWLEDGE_FILE_LIMIT) for path in knowledge_files(folder)
    )


def inspect_documents(read: Iterable[Document]) -> tuple[Knowledge, tuple[Problem, ...]]:
    """Parse and check what was read, as `inspect_folder` does.

    What could not be read leaves gaps. Whoever then names it made no mistake, so what follows from a gap
    alone is not said.
    """
    documents = list(read)
    knowledge, problems = parse(documents, edition_of(documents))
    if any(not problem.is_warning for problem in problems):
        gaps = _Gaps(documents, knowledge)
        return knowledge, sort_problems([*problems, *(one for one in check(knowledge) if not gaps.explain(one))])
    return knowledge, sort_problems([*problems, *check(knowledge)])


class _Gaps:
    """What is written in the files, and yet not in the knowledge, because something is wrong with it."""

    def __init__(self, documents: Iterable[Document], knowledge: Knowledge) -> None:
        self.unread = any(document.node is None and not _is_empty(document) for document in documents)
        tables = [document.node for document in documents if isinstance(document.node, Table)]
        shelves = [node for table in tables for key, node in table.pairs if key.text != "rules"]
        written = [(key.text, node) for shelf in shelves if isinstance(shelf, Table) for key, node in shelf.pairs]
        written += [(key.text, node) for _, body in written for key, node in _nested(body, "activities")]
        self.names = {name for name, _ in written} | set(_ids_of_rules(tables))

    def explain(self, problem: Problem) -> bool:
        """Say whether a problem may be nothing but the consequence of a gap."""
        if problem.code in FOLLOW_UPS:
            return True
        if problem.code not in UNKNOWN_NAMES:
            return False
        return self.unread or problem.details.get("name", problem.details.get("value")) in self.names


# A rule that could not be read uses, concludes and denies nothing.
FOLLOW_UPS = frozenset(
    {"unused-fact", "unused-conclusion", "unused-document", "unused-step", "never-concluded", "never-no", "no-evidence"}
)
UNKNOWN_NAMES = frozenset(code for code in codes() if code.startswith("unknown-")) | {"undeclared-conclusion"}


def _ids_of_rules(tables: Iterable[Table]) -> Iterator[str]:
    for rules in (table.get("rules") for table in tables):
        for rule in rules.items if isinstance(rules, Listing) else ():
            if isinstance(rule, Table) and isinstance(id_ := rule.get("id"), Word):
                yield id_.text


def _is_empty(document: Document) -> bool:
    return [problem.code for problem in document.problems] == ["empty-file"]


def _nested(body: Node, key: str) -> tuple[tuple[Word, Node], ...]:
    inner = body.get(key) if isinstance(body, Table) else None
    return inner.pairs if isinstance(inner, Table) else ()


def load(folder: Path) -> Knowledge:
    """Load knowledge that may be used.

    Raises:
        Refused: with every problem, when one of them is an error.
    """
    knowledge, problems = inspect_folder(folder)
    if any(not problem.is_warning for problem in problems):
        raise Refused(problems, knowledge.texts)
    return knowledge


def _missing_rooms(folder: Path) -> Problem | None:
    for room in ("facts_schema.yaml", "rules"):
        if not (folder / room).exists():
            return Problem("no-knowledge", Place(str(folder)), {"room": room})
    return None
