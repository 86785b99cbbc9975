"""The answers for many households at once: columns for what follows, then one row for each service and subject."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from engine import certainty
from engine.advise import STATUSES
from engine.compile import Plan
from engine.diagnosis import Office
from engine.knowledge.model import FAMILY, HOUSEHOLD
from engine.many.alike import ADVICE, Alike
from engine.many.column_plan import ColumnPlan
from engine.many.columns import AS_OF, Brought
from engine.many.sheet import KEY, SEAT, name_of
from engine.many.tables import APPLICANT, HOUSEHOLD_ID, PERSON_ID, Tables

NOT_CONCERNED = STATUSES.index("not_concerned")
ANSWER = {
    KEY: pl.UInt32,
    SEAT: pl.String,
    "service": pl.String,
    "cf": pl.Float64,
    "cf_as_told": pl.Float64,
    "status": pl.Int8,
    "held": pl.Boolean,
    "amount": pl.Float64,
}
_OUTCOME = pl.Enum(["yes", "no", "unknown"])


class Answers(NamedTuple):
    """What follows for many households.

    `services`: household_id, subject, service, cf, cf_as_told, outcome, status, amount, advice; one row for each
    service that concerns a subject. `components`: household_id, subject, service, component, amount; what is paid.
    `needs`: household_id, subject, service, document, needed; only where it was asked for.
    """

    services: pl.DataFrame
    components: pl.DataFrame
    needs: pl.DataFrame


class Many:
    """An edition made ready for many households; keeps what it has compiled for tables of the same shape.

    Args:
        office: The edition.
        services: The services asked for; None: all.
        needs: Whether the documents are asked for.
    """

    def __init__(self, office: Office, services: Iterable[str] | None = None, needs: bool = False) -> None:
        self.office, self.needs = office, needs
        known = office.knowledge.services
        self.services = tuple(known) if services is None else tuple(services)
        self._compiled: dict[tuple, ColumnPlan] = {}

    def answer(self, tables: Tables) -> Answers:
        """Work out what follows for every household of two tables (`engine.many.tables`)."""
        parts = [self._answer(plan, day, some) for plan, day, some in self._by_plan(tables)]
        if not parts:
            return _nothing()
        return Answers(*(pl.concat(frames) for frames in zip(*parts, strict=True)))

    def _by_plan(self, tables: Tables) -> Iterator[tuple[Plan, date | None, Tables]]:
        """Split tables by the plan of the day, and say the day where it is one for all."""
        days = tables.households[AS_OF].unique().sort().to_list()
        by_plan: dict[int, tuple[Plan, list[float]]] = {}
        for day in days:
            plan = self.office.plan(date.fromordinal(int(day)))
            by_plan.setdefault(id(plan), (plan, []))[1].append(day)
        for plan, its_days in by_plan.values():
            some = tables
            if len(by_plan) > 1:
                households = tables.households.filter(pl.col(AS_OF).is_in(its_days))
                some = Tables(households, tables.persons.join(households.select(KEY), on=KEY, how="semi"))
            yield plan, date.fromordinal(int(its_days[0])) if len(its_days) == 1 else None, some

    def _answer(self, plan: Plan, day: date | None, tables: Tables) -> Answers:
        brought = Brought(frozenset(tables.households.columns), frozenset(tables.persons.columns), day)
        key = (id(plan), brought)
        if key not in self._compiled:
            self._compiled[key] = ColumnPlan(plan, brought, self.services, needs=self.needs)
        column_plan = self._compiled[key]
        sides = column_plan.run(tables.households, tables.persons)
        sides[HOUSEHOLD] = sides[HOUSEHOLD].with_columns(pl.lit(HOUSEHOLD).alias(SEAT))
        rows = self._rows(plan, column_plan, sides, tables)
        rows, paid = Alike(self.office, plan, column_plan).settle(rows, sides)
        needs = _needs(plan, column_plan, sides, rows) if self.needs else None
        return _told(rows, paid, needs, tables)

    def _rows(
        self, plan: Plan, column_plan: ColumnPlan, sides: Mapping[str, pl.DataFrame], tables: Tables
    ) -> pl.DataFrame:
        """Give a row for each service and subject that it concerns, or that receives it."""
        found = [pl.DataFrame(schema=ANSWER)]
        for name, columns in column_plan.services.items():
            service = plan.knowledge.services[name]
            if APPLICANT not in tables.households.columns and FAMILY not in service.applicants:
                continue
            status = pl.col(name_of(columns.status))
            frame = (
                sides[service.for_]
                .lazy()
                .filter((status != NOT_CONCERNED) | pl.col(name_of(columns.held)).fill_null(False))
            )
            found.append(
                frame.select(
                    pl.col(KEY).cast(pl.UInt32),
                    SEAT,
                    pl.lit(name).alias("service"),
                    pl.col(name_of(columns.cf)).alias("cf"),
                    pl.col(name_of(columns.told)).alias("cf_as_told"),
                    status.cast(pl.Int8).alias("status"),
                    pl.col(name_of(columns.held)).cast(pl.Boolean).alias("held"),
                    pl.col(name_of(columns.amount)).cast(pl.Float64).alias("amount"),
                ).collect()
            )
            if APPLICANT in tables.households.columns:
                served = tables.households.filter(pl.col(APPLICANT).is_in(service.applicants)).select(KEY)
                found[-1] = found[-1].join(served, on=KEY, how="semi")
        cf = pl.col("cf")
        outcome = (
            pl.when(cf > certainty.THRESHOLD).then(pl.lit("yes")).when(cf < -certainty.THRESHOLD).then(pl.lit("no"))
        )
        return pl.concat(found).with_columns(outcome.otherwise(pl.lit("unknown")).cast(_OUTCOME).alias("outcome"))


def _needs(plan: Plan, column_plan: ColumnPlan, sides: Mapping[str, pl.DataFrame], rows: pl.DataFrame) -> pl.DataFrame:
    """Give the documents of every row whose outcome is not no: the strongest answer counts (`advise.needed`)."""
    found = [
        pl.DataFrame(
            schema={KEY: pl.UInt32, SEAT: pl.String, "service": pl.String, "document": pl.String, "needed": pl.Int8}
        )
    ]
    for name, columns in column_plan.services.items():
        for rule, premise in columns.needs.items():
            task = plan.by_name["need", rule]
            cf = pl.col(name_of(premise))
            frame = sides[task.about].filter(cf >= -certainty.THRESHOLD)
            seat = pl.lit(HOUSEHOLD) if plan.knowledge.services[name].for_ == HOUSEHOLD else pl.col(SEAT)
            for document in task.rule.rule.effect.documents:
                found.append(
                    frame.select(
                        pl.col(KEY).cast(pl.UInt32),
                        seat.alias(SEAT),
                        pl.lit(name).alias("service"),
                        pl.lit(document.text).alias("document"),
                        (cf > certainty.THRESHOLD).cast(pl.Int8).alias("needed"),
                    )
                )
    strongest = pl.concat(found).group_by(KEY, SEAT, "service", "document").agg(pl.col("needed").max())
    asked = rows.filter((pl.col("outcome") != "no") & (pl.col("status") != NOT_CONCERNED)).select(KEY, SEAT, "service")
    return strongest.join(asked, on=[KEY, SEAT, "service"], how="semi")


def _told(rows: pl.DataFrame, paid: pl.DataFrame, needs: pl.DataFrame | None, tables: Tables) -> Answers:
    """Give everything the names that its households and persons have."""
    names = pl.concat(
        [
            tables.households.select(KEY, pl.lit(HOUSEHOLD).alias(SEAT), pl.lit(HOUSEHOLD).alias("subject")),
            tables.persons.select(KEY, SEAT, pl.col(PERSON_ID).alias("subject")),
        ]
    ).with_columns(pl.col(KEY).cast(pl.UInt32))
    ids = tables.households.select(pl.col(KEY).cast(pl.UInt32), HOUSEHOLD_ID)

    def named(frame: pl.DataFrame, *columns: Any) -> pl.DataFrame:
        whole = frame.join(ids, on=KEY, how="left").join(names, on=[KEY, SEAT], how="left")
        return whole.select(HOUSEHOLD_ID, "subject", "service", *columns)

    status = (
        pl.col("status")
        .cast(pl.Int32)
        .replace_strict(list(range(len(STATUSES))), list(STATUSES), return_dtype=pl.Enum(STATUSES))
    )
    services = named(
        rows.filter((pl.col("status") != NOT_CONCERNED) | pl.col("held").fill_null(False)),
        "cf",
        "cf_as_told",
        "outcome",
        status.alias("status"),
        "amount",
        "advice",
    )
    needed = pl.col("needed").replace_strict([0, 1], ["maybe", "yes"], return_dtype=pl.Enum(["yes", "maybe"]))
    empty = pl.DataFrame(
        schema={KEY: pl.UInt32, SEAT: pl.String, "service": pl.String, "document": pl.String, "needed": pl.Int8}
    )
    return Answers(
        services,
        named(paid, "component", "amount"),
        named(empty if needs is None else needs, "document", needed.alias("needed")),
    )


def _nothing() -> Answers:
    empty = {HOUSEHOLD_ID: pl.String, "subject": pl.String, "service": pl.String}
    return Answers(
        pl.DataFrame(
            schema=empty
            | {"cf": pl.Float64, "cf_as_told": pl.Float64, "outcome": _OUTCOME, "status": pl.Enum(STATUSES)}
            | {"amount": pl.Float64, "advice": ADVICE}
        ),
        pl.DataFrame(schema=empty | {"component": pl.String, "amount": pl.Float64}),
        pl.DataFrame(schema=empty | {"document": pl.String, "needed": pl.Enum(["yes", "maybe"])}),
    )
