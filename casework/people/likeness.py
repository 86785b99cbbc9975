"""Who may be one person entered twice: found with splink over names, birth, mother and village, decided by a human.

The weights are fixed: how often two entries of one person agree (m), and two people by chance (u). They are an expert's
estimate and no measurement, so that the same register always gives the same list.
"""

import logging
from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, insert, select, update

from casework.people.models import Household, Likeness, Person
from casework.people.names import words_of
from casework.store.chunks import chunks
from casework.store.database import Database
from casework.store.work import Work

LIKELY = 0.4
MOST = 5000
# Two entries taken at random are one person so often: a hundredth of 164,000 people entered twice.
_PRIOR = 1e-7
_COLUMNS = ("unique_id", "name", "first", "last", "birth_date", "mother_name", "village")
_PARTS = ("name", "birth_date", "mother_name", "village")


def find(database: Database) -> int:
    """Look through the whole register; new likenesses wait for a decision, decided ones stay. Gives how many wait."""
    with database.reading() as work:
        people = _people(work)
        found = {(one, other): (probability, why) for one, other, probability, why in _alike(people)}
    with database.work() as work:
        decided, waiting = _before(work)
        gone = [id_ for pair, id_ in waiting.items() if pair not in found]
        for some in chunks(gone):
            work.session.execute(delete(Likeness).where(Likeness.id.in_(some)))
        new = [
            {"one_id": one, "other_id": other, "probability": probability, "why": why, "found_at": work.now}
            for (one, other), (probability, why) in found.items()
            if (one, other) not in decided and (one, other) not in waiting
        ]
        for some in chunks(new):
            work.session.execute(insert(Likeness), some)
        for pair, id_ in waiting.items():
            if pair in found:
                values = {"probability": found[pair][0], "why": found[pair][1]}
                work.session.execute(update(Likeness).where(Likeness.id == id_).values(**values))
        count = len(waiting) - len(gone) + len(new)
        work.record("likeness.searched", "register", "", people=len(people), waiting=count)
    return count


def _people(work: Work) -> list[tuple[Any, ...]]:
    """Give the living entries as they are compared (`_COLUMNS`)."""
    columns = (Person.id, Person.name, Person.birth_date, Person.mother_name, Household.village)
    query = (
        select(*columns)
        .join(Household, Household.id == Person.household_id)
        .where(Person.merged_into.is_(None), Person.died_on.is_(None))
        .order_by(Person.id)
    )
    return [_row(*row) for row in work.session.execute(query)]


def _row(id_: int, name: str, born: Any, mother: str | None, village: str) -> tuple[Any, ...]:
    words = words_of(name)
    first, last = (words[0], words[-1]) if words else (None, None)
    mothers = " ".join(words_of(mother or "")) or None
    return id_, " ".join(sorted(words)), first, last, born and born.isoformat(), mothers, village


def _alike(people: list[tuple[Any, ...]]) -> Iterator[tuple[int, int, float, dict[str, Any]]]:
    """Compare those who share enough to be worth it; gives pairs, the smaller id first."""
    if len(people) < 2:
        return
    logging.getLogger("splink").setLevel(logging.ERROR)
    import duckdb  # these take seconds to load, and only this job needs them
    import pandas
    from splink import DuckDBAPI, Linker

    connection = duckdb.connect(":memory:", config={"threads": 1, "temp_directory": ""})  # names never touch the disk
    try:
        connection.register("people", pandas.DataFrame(people, columns=_COLUMNS, dtype=object))
        linker = Linker("people", _settings(), DuckDBAPI(connection), set_up_basic_logging=False)
        found = linker.inference.predict(threshold_match_probability=LIKELY)
        compared = ", ".join(f"bf_{part}" for part in _PARTS)
        query = (
            f"SELECT unique_id_l, unique_id_r, match_probability, {compared} FROM {found.physical_name} "
            f"ORDER BY match_probability DESC, unique_id_l, unique_id_r LIMIT {MOST}"
        )
        for left, right, probability, *factors in connection.execute(query).fetchall():
            one, other = sorted((left, right))
            yield one, other, round(probability, 4), dict(zip(_PARTS, map(_speaks, factors), strict=True))
    finally:
        connection.close()


def _speaks(factor: float) -> str:
    """Say what a comparison says: for one person, against it, or nothing (where one of the two does not know)."""
    if factor == 1:
        return "unknown"
    return "alike" if factor > 1 else "differs"


def _settings() -> Any:
    """Give the comparisons with their weights, the strongest agreement of each first."""
    import splink.comparison_level_library as level
    from splink import SettingsCreator, block_on
    from splink.comparison_library import CustomComparison

    def weighed(one: Any, m: float, u: float) -> Any:
        return one.configure(m_probability=m, u_probability=u)

    name = [
        weighed(level.ExactMatchLevel("name"), 0.75, 0.0005),
        weighed(level.JaroWinklerLevel("name", 0.93), 0.17, 0.003),
        weighed(level.JaroWinklerLevel("name", 0.85), 0.077, 0.02),
        weighed(level.ElseLevel(), 0.003, 0.9765),
    ]
    birth = [
        weighed(level.ExactMatchLevel("birth_date"), 0.85, 0.00005),
        weighed(level.DamerauLevenshteinLevel("birth_date", 1), 0.1, 0.001),
        weighed(level.ElseLevel(), 0.05, 0.99895),
    ]
    mother = [
        weighed(level.ExactMatchLevel("mother_name"), 0.75, 0.001),
        weighed(level.JaroWinklerLevel("mother_name", 0.88), 0.17, 0.01),
        weighed(level.ElseLevel(), 0.08, 0.989),
    ]
    village = [weighed(level.ExactMatchLevel("village"), 0.7, 0.005), weighed(level.ElseLevel(), 0.3, 0.995)]
    compared = {"name": name, "birth_date": birth, "mother_name": mother, "village": village}
    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=_PRIOR,
        comparisons=[
            CustomComparison([level.NullLevel(part), *levels], output_column_name=part)
            for part, levels in compared.items()
        ],
        blocking_rules_to_generate_predictions=[
            block_on("birth_date", "first"),
            block_on("birth_date", "last"),
            block_on("birth_date", "village"),
            block_on("birth_date", "mother_name"),
            block_on("name", "village"),
            block_on("name", "mother_name"),
        ],
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=False,
    )


def _before(work: Work) -> tuple[set[tuple[int, int]], dict[tuple[int, int], int]]:
    decided: set[tuple[int, int]] = set()
    waiting: dict[tuple[int, int], int] = {}
    columns = (Likeness.id, Likeness.one_id, Likeness.other_id, Likeness.decision)
    for id_, one, other, decision in work.session.execute(select(*columns)):
        if decision is None:
            waiting[one, other] = id_
        else:
            decided.add((one, other))
    return decided, waiting
