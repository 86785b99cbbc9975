"""Tables of households (design 6.3): how numbers for them are drawn, and how their rows are written as household files.

A household that stands in a table can so be diagnosed alone as well, and both answers compared.
"""

import json
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

CERTAINTY = "__certainty"


def uniform(dice: random.Random, count: int) -> pl.Series:
    """Draw numbers from 0 up to 1, the same for the same dice on every machine."""
    drawn = pl.Series([dice.randbytes(4 * count)])
    words = drawn.bin.reinterpret(dtype=pl.Array(pl.UInt32, count), endianness="little")
    return words.explode() / 2**32


def write_households(path: Path, households: pl.DataFrame, persons: pl.DataFrame) -> None:
    """Write every household of a table, with its members, into one household file (JSON)."""
    members = {str(id_): rows for (id_,), rows in persons.partition_by("household_id", as_dict=True).items()}
    written = []
    for row in households.iter_rows(named=True):
        id_ = row["household_id"]
        people = list(members[id_].iter_rows(named=True)) if id_ in members else []
        told = {"id": id_, "as_of": row["as_of"].isoformat(), "household": _facts(row)}
        told["members"] = [{"id": person["person_id"], **_facts(person)} for person in people]
        if row.get("active_services") is not None:
            told["active_services"] = row["active_services"] + [
                {"service": service, "subject": person["person_id"]}
                for person in people
                for service in person.get("active_services") or ()
            ]
        written.append(told)
    path.write_text(json.dumps(written), encoding="utf-8")


def _facts(row: dict) -> dict:
    """Give what a row tells: unknown values are left out, and a certainty stands beside its value."""
    names: Iterable[str] = row.keys() - {"household_id", "person_id", "as_of", "active_services"}
    told = {}
    for name in sorted(names):
        value = row[name]
        if value is None or name.endswith(CERTAINTY):
            continue
        value = value.isoformat() if isinstance(value, date) else value
        certainty = row.get(name + CERTAINTY)
        told[name] = value if certainty is None else {"value": value, "evidence": certainty}
    return told
