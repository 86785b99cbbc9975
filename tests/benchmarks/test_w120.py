"""The made-up rule base: what it promises, and that a household alone means what its row means."""

from datetime import date

from benchmarks import tepat, w120
from benchmarks.tables import write_households
from engine.household_files import read_households


def test_the_same_seed_gives_the_same_rules_and_households():
    """Another run measures the same thing."""
    assert w120.rules() == w120.rules()
    assert w120.households(50).equals(w120.households(50))
    assert w120.rules(seed=7) != w120.rules()
    assert not w120.households(50, seed=7).equals(w120.households(50))


def test_the_rules_are_120_in_three_levels():
    """Two to four facts each, one conclusion of the level below, two rules to each of 20 conclusions a level."""
    book = w120.rules()

    assert len(book) == 120
    assert all(2 <= len(rule.facts) <= 4 and 0.3 <= rule.certainty <= 0.9 for rule in book)
    assert all(
        rule.below is None if rule.level == 0 else rule.below in w120.LEVEL_NAMES[rule.level - 1] for rule in book
    )
    assert {len(rules) for rules in w120.by_conclusion(book).values()} == {2}
    assert [len(names) for names in w120.LEVEL_NAMES] == [20, 20, 20]


def test_the_rules_are_an_edition_of_knowledge():
    """They are written as a folder that Tepat reads without a complaint."""
    office = tepat.office(w120.rules())

    assert set(office.knowledge.rules) == {rule.id for rule in w120.rules()}
    assert set(office.knowledge.conclusions) == set(w120.CONCLUSION_NAMES)


def test_a_household_written_from_a_row_tells_what_the_row_tells(tmp_path):
    """Values that are null in the table are not told at all."""
    table = w120.households(5)
    path = tmp_path / "households.json"

    write_households(path, table, w120.NOBODY)
    read = read_households(path, tepat.office(w120.rules()).knowledge, date(2026, 1, 1))

    for household, row in zip(read, table.iter_rows(named=True), strict=True):
        told = {name: given.value for (_, name), given in household.facts.items()}
        assert told == {name: row[name] for name in w120.FACT_NAMES if row[name] is not None}
