"""Measure interviews: how many screens they take, whether they miss anything, and whether they ask for nothing.

All sample households and 1,000 made-up families fill in the interview page by page (`benchmarks.walker`), each as
what applicants know of it: an applicant cannot tell what only officers or registries know. Three things are held:

    screens     a family of four needs at most 30 in the median; the page on which answers are checked is not counted
    outcomes    every service has the outcome that the one-page form has for the same household
    proofs      every fact that is asked could still change a service that is not decided yet, or an amount of one

The first steps (where, who applies, who belongs to the household) and the page of aid and papers ask everybody the
same, and who it is that a tick is about was asked with the tick; those are not held against the proofs.
"""

import argparse
import json
import multiprocessing
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from benchmarks import kediri
from benchmarks.tables import write_households
from benchmarks.walker import Sent, Stuck, Walked, Walker, read
from engine.again import infer_again
from engine.compile import Plan
from engine.diagnosis import Diagnosis
from engine.forward import Trace, infer
from engine.household import Given, Household
from engine.household_files import read_households
from engine.interview import Interview
from engine.knowledge.model import FAMILY, HOUSEHOLD, PERSON, Knowledge
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.meaning import INPUT_KEYS
from engine.missing import Openness
from engine.plan_of_applicant import Served
from engine.samples import sample_files
from webapp import create_app
from webapp.asking import walk
from webapp.asking.forms import Form
from webapp.asking.reading import household_of
from webapp.asking.walk import AID, CHECK, ELSEWHERE, EMERGENCY, HOME, MEMBER, RECEIVERS, WHERE, WHO, Step
from webapp.words import words_in

CHECKOUT = Path(__file__).resolve().parent.parent
ROWS = CHECKOUT / "build" / "interviews.json"
FAMILIES, PERSONS, SEED = 1000, 2982, 5
A_FILE = 250
SIZE_HELD, MOST_SCREENS = 4, 30
ASKED_OF_ALL = (WHERE, WHO, MEMBER, AID, RECEIVERS, ELSEWHERE, EMERGENCY, CHECK)
ORGANISATION = "organisation"
Key = tuple[str, str]


@dataclass
class Measured:
    """What one interview was like.

    `differences` are services whose outcome is another than that of the form: service, subject, outcome of the form,
    outcome of the interview. `idle` are facts that were asked though they could change nothing, `twice` those that
    were asked before, `misread` those that came out as another value than was told.
    """

    id: str
    of: str
    applicant: str
    members: int
    screens: int = 0
    differences: list[tuple[str, str, str, str]] = field(default_factory=list)
    idle: list[Key] = field(default_factory=list)
    twice: list[Key] = field(default_factory=list)
    misread: list[Key] = field(default_factory=list)
    stuck: str = ""

    @property
    def is_right(self) -> bool:
        return not (self.differences or self.idle or self.twice or self.misread or self.stuck)


class Booth:
    """The application in this process, with a household at a time in front of it."""

    def __init__(self, folder: Path = CHECKOUT) -> None:
        self._day = kediri.AS_OF
        self.app = create_app(folder, None, lambda: self._day)
        self.desk = self.app.extensions["tepat"]
        self.knowledge = self.desk.office.knowledge
        self._client = self.app.test_client()

    def form(self, applicant: str) -> Form:
        return Form(self.knowledge, "id", words_in("id"), self.desk.served(applicant), applicant, self._day)

    def post(self, path: str, sent: Sent) -> str:
        response = self._client.post(path, data=sent)
        if response.status_code >= 500:
            raise Stuck(f"the server answered {response.status_code}")
        return response.get_data(as_text=True)

    def measure(self, household: Household, of: str) -> Measured:
        """Let a household fill in the interview, and hold against it what was asked and what came out."""
        self._day = household.as_of
        told = as_applicant(household, self.form(household.applicant))
        found = Measured(household.id, of, household.applicant, len(household.members))
        proofs = Proofs(self)
        with patch.multiple(walk, infer=proofs.infer, Interview=proofs.look):
            try:
                walked = Walker(told, self.knowledge.facts).walk(proofs.post)
            except Stuck as stuck:
                found.stuck = str(stuck)
                return found
        found.screens, found.idle, found.twice = walked.screens, proofs.idle, proofs.twice
        gathered = self._gathered(walked)
        found.misread = sorted(
            key for key, given in gathered.facts.items() if key in told.facts and told.facts[key].value != given.value
        )
        found.differences = list(self._differences(told, gathered))
        return found

    def _gathered(self, walked: Walked) -> Household:
        with self.app.test_request_context():
            return household_of(self.desk.sealer.open(walked.sealed))

    def _differences(self, told: Household, gathered: Household) -> Iterator[tuple[str, str, str, str]]:
        """Compare with the form, on which stands too what was said in passing: the ticks that were not made."""
        passing = {key: given for key, given in gathered.facts.items() if key not in told.facts}
        by_form = self.desk.office.diagnose_for_everybody(replace(told, facts={**passing, **told.facts}))
        by_interview = self.desk.office.diagnose_for_everybody(gathered)
        for row, other in zip(_rows(by_form), _rows(by_interview), strict=True):
            if row != other:
                yield (*row, other[-1])


class Proofs:
    """What was open on each page of one interview, and what was asked all the same.

    The application works out on every page all that follows, for it keeps nothing. Here what a page before has shown
    is taken over, which comes to the same and takes half the time.
    """

    def __init__(self, booth_: Booth) -> None:
        self._booth, self._last = booth_, None
        self._asked: set[Key] = set()
        self.idle: list[Key] = []
        self.twice: list[Key] = []

    def infer(self, plan: Plan, household: Household) -> Trace:
        before = self._last and self._last.trace
        return infer_again(before, household) if before and before.plan is plan else infer(plan, household)

    def look(self, trace: Trace, served: Served, asked: Collection[Key], officer: bool = False) -> Interview:
        before = self._last if self._last and self._last.trace.plan is trace.plan else None
        self._last = Interview(trace, served, asked, before, officer)
        return self._last

    def post(self, path: str, sent: Sent) -> str:
        """Post, and hold what the next page asks against what is open."""
        html = self._booth.post(path, sent)
        told = self._booth.desk.sealer.open(read(html).hidden["sealed"][0])
        step = Step.of(told.now)
        if step.kind not in ASKED_OF_ALL and told.then[:1] != (told.now,):
            self._hold(step)
        return html

    def _hold(self, step: Step) -> None:
        subjects = self._last.trace.household.subjects
        named = {(one.fact, subjects[0 if seat == HOME else int(seat) + 1]) for one in step.asked for seat in one.seats}
        self.idle += sorted(without_proof(named, self._last.openness, self._last.served))
        self.twice += sorted(named & self._asked)
        self._asked |= named


def _rows(diagnosis: Diagnosis) -> list[tuple[str, str, str]]:
    subjects = {name: f"member {seat}" for seat, name in enumerate(diagnosis.household.members, 1)}
    return [(row.service.name, subjects.get(row.subject, row.subject), row.outcome) for row in diagnosis.rows]


def without_proof(named: Collection[Key], openness: Openness, served: Served) -> set[Key]:
    """Give the facts that can change neither the outcome of a served service, nor a part of what one gives."""
    left = set(named)
    for found in _open_proofs(openness, served):
        left -= found
        if not left:
            break
    return left


def _open_proofs(openness: Openness, served: Served) -> Iterator[frozenset[Key]]:
    trace = openness.trace
    for service in map(trace.plan.knowledge.services.__getitem__, sorted(served.services)):
        yield from (openness.missing(service.name, subject) for subject in trace.subjects(service.for_))
        for part in service.benefit.components if service.benefit else ():
            yield from (openness.missing(part.member.text, member) for member in trace.household.members)


def as_applicant(household: Household, form: Form) -> Household:
    """Give a household as its applicant can tell it on the one-page form: by word, without what offices know.

    The form asks for the papers of everybody together, and for no aid but money, goods and what nobody may have twice.
    """
    evidence = form.knowledge.evidence[form.knowledge.default_evidence]
    names = {fact.name for of in (HOUSEHOLD, PERSON) for fact in form.asked(of)}
    papers = {INPUT_KEYS[PAPER] + name for name, _ in form.papers()}
    aid = {INPUT_KEYS[RECEIVED] + name for listed in form.aid() for name, _ in listed}
    facts = {}
    for (of, name), given in household.facts.items():
        said = Given(given.value, evidence.certainty, evidence.name)
        if name in papers:
            # A paper counts where it is in hand; that it is not there yet is what every applicant is taken to mean.
            facts |= {(HOUSEHOLD, name): said} if given.value else {}
        elif name in names or name in aid:
            facts[of, name] = said
    received = household.received and Given(True, evidence.certainty, evidence.name)
    # The form and the interview describe one person at least, but for an organisation.
    somebody = () if household.applicant == ORGANISATION else (form.word("member", number=1),)
    return replace(
        household, members=household.members or somebody, facts=facts, received=received, members_listed="all"
    )


@cache
def booth() -> Booth:
    """Give the application of this process."""
    return Booth()


def families(count: int = FAMILIES, persons: int = PERSONS, seed: int = SEED) -> list[Household]:
    """Make families up; the same seed gives the same ones."""
    knowledge, made = booth().knowledge, []
    households, people = kediri.tables(knowledge, count, persons, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "families.json"
        # A household file may not be larger than what people write.
        for part in households.iter_slices(A_FILE):
            write_households(path, part, people)
            made += read_households(path, knowledge, kediri.AS_OF)
    dice = random.Random(seed)
    return [_with_rare_things_rare(one, knowledge, dice) for one in made]


def _with_rare_things_rare(household: Household, knowledge: Knowledge, dice: random.Random) -> Household:
    """Presume of most people what is presumed: the tables draw choices evenly, so that everybody would be a veteran."""
    facts = dict(household.facts)
    for key, given in household.facts.items():
        fact = knowledge.facts.get(key[1])
        rare = fact is not None and fact.presume not in (None, True) and fact.type != "boolean"
        if rare and dice.random() >= kediri.PRESUMED_SHARES[False]:
            facts[key] = given._replace(value=fact.presume)
    return replace(household, facts=facts)


@cache
def samples() -> list[Household]:
    """Read the sample households."""
    files = sample_files([CHECKOUT / "samples"])
    return [one for path in files for one in read_households(path, booth().knowledge, kediri.AS_OF)]


def _measured(job: tuple[str, Household]) -> Measured:
    of, household = job
    return booth().measure(household, of)


def measured(jobs: Iterable[tuple[str, Household]], processes: int) -> Iterator[Measured]:
    """Measure on several cores."""
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap_unordered(_measured, jobs, chunksize=4)


def figures(found: list[Measured]) -> list[dict]:
    """Give, for each kind of applicant and size, how many screens there were."""
    by: dict[tuple, list[int]] = defaultdict(list)
    for one in found:
        if not one.stuck:
            for of in (one.of, "all"):
                by[of, one.applicant, one.members].append(one.screens)
                by[of, one.applicant, 0 if one.applicant != FAMILY else -1].append(one.screens)
    return [
        {"of": of, "applicant": applicant, "members": members, "interviews": len(screens), **_spread(screens)}
        for (of, applicant, members), screens in sorted(by.items())
    ]


def _spread(values: list[int]) -> dict[str, float]:
    ranked = sorted(values)
    return {
        "median": statistics.median(ranked),
        "p90": ranked[min(len(ranked) - 1, int(0.9 * len(ranked)))],
        "most": ranked[-1],
    }


def held_size(found: Iterable[Measured]) -> float:
    """Give the median number of screens of the families to which the limit applies."""
    return statistics.median(
        one.screens for one in found if (one.applicant, one.members) == (FAMILY, SIZE_HELD) and not one.stuck
    )


def table_of(rows: list[dict]) -> Table:
    """Lay figures out for people."""
    table = Table("of", "applicant", "members", "interviews", "median", "90th", "most", title="screens an interview")
    for row in rows:
        table.add_row(*(str(row[key]) for key in ("of", "applicant", "members", "interviews")),
                      *(f"{row[key]:g}" for key in ("median", "p90", "most")))  # fmt: skip
    return table


def main() -> int:
    """Measure, print, write build/interviews.json; 1 when something does not hold."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.interviews", description=__doc__)
    arguments.add_argument("--families", type=int, default=FAMILIES, help="how many families are made up")
    arguments.add_argument("--seed", type=int, default=SEED, help="of the families")
    arguments.add_argument("--every", type=int, default=1, help="take every so-manieth sample only")
    arguments.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    asked = arguments.parse_args()
    console, begun = Console(), time.perf_counter()
    persons = round(asked.families * PERSONS / FAMILIES)
    jobs = [("samples", one) for one in samples()[:: asked.every]]
    jobs += [("made up", one) for one in families(asked.families, persons, asked.seed)] if asked.families else []
    found = []
    for one in measured(jobs, asked.processes):
        found.append(one)
        if not one.is_right:
            console.print_json(json.dumps({key: value for key, value in asdict(one).items() if value}), indent=None)
        if len(found) % 100 == 0:
            console.print(f"{len(found)} of {len(jobs)}, {time.perf_counter() - begun:.0f} s", style="dim")
    rows, wrong = figures(found), sorted(one.id for one in found if not one.is_right)
    median = held_size(found)
    console.print(table_of(rows))
    console.print(f"a family of {SIZE_HELD}: {median:g} screens in the median, at most {MOST_SCREENS} wanted")
    console.print(f"{len(found)} interviews, {len(wrong)} not as they should be: {', '.join(wrong) or 'none'}")
    ROWS.parent.mkdir(exist_ok=True)
    written = {"median_of_four": median, "seconds": time.perf_counter() - begun, "screens": rows}
    written |= {"interviews": len(found), "wrong": [asdict(one) for one in found if not one.is_right]}
    ROWS.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return int(bool(wrong) or median > MOST_SCREENS)


if __name__ == "__main__":
    raise SystemExit(main())
