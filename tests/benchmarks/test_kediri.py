"""The made-up Kediri: the same for the same seed, as many as promised, and readable as households."""

import functools

import polars as pl

from benchmarks import kediri
from benchmarks.tables import CERTAINTY, write_households
from benchmarks.works import CHECKOUT
from engine.diagnosis import Office
from engine.household_files import read_households


@functools.cache
def knowledge():
    return Office.open(CHECKOUT).knowledge


def test_the_same_seed_gives_the_same_people():
    """Another run measures the same households."""
    first, again, other = (kediri.tables(knowledge(), 200, 600, seed) for seed in (3, 3, 4))

    assert all(one.equals(two) for one, two in zip(first, again, strict=True))
    assert not first[0].equals(other[0])


def test_there_are_as_many_as_promised_and_every_household_has_somebody():
    """55,000 households with exactly 164,000 members."""
    households, persons = kediri.tables(knowledge())

    assert (households.height, persons.height) == (55_000, 164_000)
    assert set(persons["household_id"]) == set(households["household_id"])
    assert persons.select("household_id", "person_id").is_duplicated().sum() == 0


def test_every_input_fact_is_a_column_of_which_some_values_are_unknown():
    """Between a tenth and a third of them; computed facts are not told."""
    households, persons = kediri.tables(knowledge(), 2000, 6000)
    for table, of in ((households, "household"), (persons, "person")):
        facts = {fact.name for fact in knowledge().facts.values() if fact.of == of and fact.computed is None}
        columns = {name for name in table.columns if not name.endswith(CERTAINTY)}

        assert columns - {"household_id", "person_id", "as_of", "active_services"} == facts
        assert all(0.07 < table[name].null_count() / table.height < 0.33 for name in facts)


def test_every_made_up_household_is_one_that_an_officer_could_write(tmp_path):
    """Types, choices, ranges and regions are those of the vocabulary, so reading refuses none."""
    households, persons = kediri.tables(knowledge(), 100, 300)
    path = tmp_path / "households.json"

    write_households(path, households, persons)
    read = read_households(path, knowledge(), kediri.AS_OF)

    sizes = persons.group_by("household_id").len()
    expected = households.join(sizes, on="household_id", how="left").select(pl.col("len").cast(pl.Int64))
    assert [len(household.members) for household in read] == expected.to_series().to_list()
