"""Whatever somebody writes, the answer is a list of mistakes or a diagnosis: never a crash.

Each example is one seed; `TEPAT_EXAMPLES` asks for more of them.
"""

import copy
import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from engine.diagnosis import Office
from engine.household_files import household_of, read_households
from engine.knowledge.check import inspect_documents
from engine.knowledge.problems import Refused, lines_in, render
from engine.knowledge.read import from_plain, knowledge_files, read_text
from engine.present import as_json
from engine.samples import run_samples, sample_files
from tests.engine.generated import Case, Dice, Size, household_from
from tests.engine.knowledge.mutated import mutated, words_of

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 3, 1)
EXAMPLES = int(os.environ.get("TEPAT_EXAMPLES") or 50)
SMALL = Size(inputs=8, parameters=4, derived=4, ideas=4, services=3, members=2, households=1)
JUNK = (
    *(None, True, -1, 1.5, float("nan"), 10**30, "", "x", "\x00", "2026-02-30", [], {}, [[]], {"a": {}}, {1: 2}),
    *(
        {"value": 1},
        {"value": [1]},
        {"value": "yes", "evidence": [1]},
        [{"service": "pkh", "subject": "x"}],
        {"id": []},
    ),
)


@cache
def real_files():
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in knowledge_files(ROOT)}


@cache
def read_real(name):
    return read_text(real_files()[name], name)


@cache
def real_office():
    return Office(inspect_documents([read_real(name) for name in real_files()])[0])


@cache
def samples():
    return {path: path.read_text("utf-8") for path in sample_files([ROOT / "samples"])}


def told(problems, texts):
    """See that every problem has a place in its file, and a sentence and one hint in both languages."""
    for problem in problems:
        for lang in ("id", "en"):
            report = render(problem, lines_in(texts), lang)
            assert f": {problem.code}: {problem.sentence(lang)}" in report
            assert problem.hint(lang)
        line = lines_in(texts)(problem.place.file, problem.place.line)
        assert (line is None and not texts[problem.place.file]) or 1 <= problem.place.column <= len(line) + 1


def judged(documents):
    """Inspect documents: give the office of knowledge that is accepted, None for what is refused."""
    knowledge, problems = inspect_documents(documents)
    told(problems, knowledge.texts)
    return None if any(not problem.is_warning for problem in problems) else Office(knowledge)


@pytest.mark.proof
def test_slips_in_the_real_knowledge_are_told_with_their_places_or_do_no_harm(tmp_path):
    """The real knowledge changed at random is refused, or compiles and diagnoses a sample."""
    files, words = real_files(), words_of([*real_files().values()])
    paths = list(samples())
    accepted = 0
    for seed in range(EXAMPLES):
        dice = Dice("slip", seed)
        changed = {
            name: mutated(files[name], dice, words) for name in dice.sample(sorted(files), dice.choice((1, 1, 2)))
        }
        office = judged([read_text(changed[name], name) if name in changed else read_real(name) for name in files])
        if office is None:
            continue
        accepted += 1
        try:
            home = read_households(dice.choice(paths), office.knowledge, TODAY)[0]
        except Refused as refused:
            told(refused.problems, refused.texts)
            continue
        as_json(office.diagnose(home), "en", everything=True)

    assert 0 < accepted < EXAMPLES


def test_slips_in_made_up_knowledge_are_told_with_their_places_or_do_no_harm():
    """A made-up edition changed at random is refused, or compiles and diagnoses a household."""
    accepted = 0
    for seed in range(EXAMPLES):
        case, dice = Case(seed // 10, SMALL), Dice("made up", seed)
        files = case.files()
        name = dice.choice(sorted(files))
        files[name] = mutated(files[name], dice, words_of([*files.values()]))
        office = judged([read_text(text, name) for name, text in files.items()])
        if office is None:
            continue
        accepted += 1
        household, _ = household_of(from_plain(case.told[0]), office.knowledge, TODAY)
        # What the edition lost cannot be told any more; then nothing is told.
        as_json(office.diagnose(household or household_from({"members": []}, office.knowledge)), "id", everything=True)

    assert 0 < accepted < EXAMPLES


@pytest.mark.proof
def test_slips_in_a_household_file_are_told_with_their_places_or_do_no_harm(tmp_path):
    """A sample changed at random is refused, or diagnosed and held to what it still expects."""
    words = words_of([*samples().values(), *real_files().values()])
    accepted = 0
    for path, text in samples().items():
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    for seed in range(EXAMPLES):
        dice = Dice("home", seed)
        path, text = dice.choice(list(samples().items()))
        changed = tmp_path / path.name
        changed.write_text(mutated(text, dice, words), encoding="utf-8")
        try:
            homes = read_households(changed, real_office().knowledge, TODAY)
        except Refused as refused:
            told(refused.problems, refused.texts)
        else:
            accepted += 1
            if len(homes) < 4:
                for refused in run_samples(real_office(), [changed], TODAY).refused:
                    told(refused.problems, refused.texts)
        changed.write_text(text, encoding="utf-8")

    assert 0 < accepted < EXAMPLES


def spots(data, path=()):
    """Walk every place in plain data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from spots(value, (*path, key))


def test_junk_in_what_a_form_or_request_sends_is_told_with_its_path():
    """Plain data with junk anywhere in it is refused with paths, or read."""
    lists = [yaml.load(text, Loader=yaml.BaseLoader) for text in samples().values()]
    homes = [home for homes in lists for home in homes if isinstance(home, dict) and "based_on" not in home]
    outcomes = set()
    for seed in range(4 * EXAMPLES):
        dice = Dice("junk", seed)
        data = copy.deepcopy(dice.choice(homes))
        *above, last = dice.choice(list(spots(data)))
        at = data
        for key in above:
            at = at[key]
        at[last] = copy.deepcopy(dice.choice(JUNK))
        household, problems = household_of(from_plain(data), real_office().knowledge, TODAY)
        assert all(problem.sentence("id") and problem.hint("en") and problem.as_json() for problem in problems)
        assert household is not None or any(problem.place.path for problem in problems)
        outcomes.add(household is None)

    assert outcomes == {True, False}


@pytest.mark.parametrize("deep", [[], {}])
def test_plain_data_of_any_depth_is_read(deep):
    """Ten thousand brackets within each other end in an answer."""
    for _ in range(10_000):
        deep = [deep] if isinstance(deep, list) else {"household": deep}
    household, problems = household_of(from_plain(deep), real_office().knowledge, TODAY)

    assert household is None and problems
