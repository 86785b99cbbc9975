"""Judge knowledge: every mistake a policy officer can make is found here, all of them in one run.

Nothing after this room can fail because of what somebody wrote. A check never changes anything; it reads
the knowledge and gives problems. The table `CHECKS` is the list of contents.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from engine import check_names, check_offer, check_rules, check_use
from engine.model import Knowledge
from engine.parse import parse
from engine.problems import Problem, Refused, sort_problems
from engine.read import KNOWLEDGE_FILE_LIMIT, Place, edition_of, knowledge_files, read_file
from engine.vocabulary import Vocabulary

CHECKS: tuple[Callable[[Vocabulary], Iterator[Problem]], ...] = (
    check_names.check_names_are_used_once,
    check_names.check_facts,
    check_names.check_parameters,
    check_names.check_sources,
    check_names.check_regions,
    check_names.check_evidence,
    check_rules.check_conditions,
    check_rules.check_effects,
    check_rules.check_one_meaning_a_day,
    check_rules.check_circles,
    check_offer.check_services,
    check_offer.check_benefits,
    check_offer.check_papers_and_steps,
    check_offer.check_exclusivity,
    check_use.check_everything_is_used,
    check_use.check_conclusions_can_become_no,
    check_use.check_members_of_one_rule,
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
    documents = [
        read_file(path, path.relative_to(folder).as_posix(), KNOWLEDGE_FILE_LIMIT) for path in knowledge_files(folder)
    ]
    knowledge, problems = parse(documents, edition_of(documents))
    # A file that could not be read leaves names undeclared; to call them unknown would blame the wrong line.
    if any(document.node is None for document in documents):
        return knowledge, sort_problems(problems)
    return knowledge, sort_problems([*problems, *check(knowledge)])


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
