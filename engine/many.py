"""The answers for many households: columns for what follows, and each kind of package worked out once.

What excludes what, and which parts are paid, depends on few things: which services a household qualifies for or
holds, and what each would give. Households alike in these have the same *shape*; each shape is put to the same
`choose` and `worth_of_parts` that one household is, and its answer goes to all who have it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from engine import advise, certainty
from engine.advise import STATUSES
from engine.benefits import Package, Part, Vertex, Worth, barring, is_confirmed, worth_of_parts
from engine.column_plan import ColumnPlan
from engine.columns import AS_OF, Brought
from engine.compile import Plan
from engine.diagnosis import Office
from engine.model import HOUSEHOLD, PERSON
from engine.packages import choose
from engine.sheet import KEY, SEAT, name_of
from engine.tables import APPLICANT, HOUSEHOLD_ID, PERSON_ID, Tables

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
PAID = {KEY: pl.UInt32, SEAT: pl.String, "service": pl.String, "component": pl.String, "amount": pl.Float64}
_ADVICE = pl.Enum(["take", "keep", "choose", "review", "none"])
_OUTCOME = pl.Enum(["yes", "no", "unknown"])
_UNIT, _FIELD = "\n", "\t"


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
        """Work out what follows for every household of two tables (`engine.tables`)."""
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
        rows, paid = _Shapes(self.office, plan, column_plan).settle(rows, sides)
        needs = _needs(plan, column_plan, sides, rows) if self.needs else None
        return _told(rows, paid, needs, tables)

    def _rows(
        self, plan: Plan, column_plan: ColumnPlan, sides: Mapping[str, pl.DataFrame], tables: Tables
    ) -> pl.DataFrame:
        """Give a row for each service and subject that it concerns, or that receives it."""
        found = [pl.DataFrame(schema=ANSWER)]
        for name, columns in column_plan.services.items():
            service = plan.knowledge.services[name]
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


class _Shapes:
    """Works packages and paid components out, once for each shape."""

    def __init__(self, office: Office, plan: Plan, column_plan: ColumnPlan) -> None:
        self.office, self.plan, self.columns = office, plan, column_plan
        self.services = plan.knowledge.services
        self.confirmed = {
            name: is_confirmed(plan, one) for name, one in self.services.items() if one.benefit is not None
        }
        self.of_parts = [
            name for name in column_plan.services if (one := self.services[name].benefit) and one.components
        ]
        barring_ = {
            w.text for name in self.of_parts for c in self.services[name].benefit.components for w in c.not_with
        }
        self.shaped = {*(name for pair in office.clashes for name in pair), *self.of_parts, *barring_}

    def settle(self, rows: pl.DataFrame, sides: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Give the rows with `advice` and the amount in the package at hand, and the components paid."""
        outcome, held = pl.col("outcome"), pl.col("held").fill_null(False)
        free = pl.when(held & (outcome == "no")).then(pl.lit("review")).when(held).then(pl.lit("keep"))
        free = free.when(outcome == "yes").then(pl.lit("take")).otherwise(pl.lit("none"))
        rows = rows.with_columns(
            free.cast(_ADVICE).alias("advice"),
            pl.when(outcome != "no").then(pl.col("amount")).alias("amount_shown"),
        )
        shapes = self._shapes(rows, sides)
        answers, paid = self._worked_out(shapes["shape"].unique(maintain_order=True))
        rows = rows.join(shapes, on=KEY, how="left").join(answers, on=["shape", "service", SEAT], how="left")
        settled = pl.col("advice_of_shape").is_not_null()
        rows = rows.with_columns(
            pl.when(settled).then(pl.col("advice_of_shape")).otherwise(pl.col("advice")).alias("advice"),
            pl.when(settled).then(pl.col("amount_of_shape")).otherwise(pl.col("amount_shown")).alias("amount"),
        )
        return rows, shapes.join(paid, on="shape", how="inner").select(*PAID)

    def _shapes(self, rows: pl.DataFrame, sides: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Write down, for each household, what its packages depend on: a text that is equal for equal shapes."""
        yes, held = pl.col("outcome") == "yes", pl.col("held").fill_null(False)
        wanted = pl.col("service").is_in(list(self.shaped)) & (yes | held)
        wanted |= pl.col("service").is_in(self.of_parts) & (pl.col("outcome") != "no")
        said = [pl.lit("row"), "service", SEAT, "outcome", held.cast(pl.Int8), _text(pl.col("amount"))]
        pieces = [rows.filter(wanted).select(KEY, pl.concat_str(said, separator=_FIELD).alias("piece"))]
        for name in self.of_parts:
            for component, (counts, amount) in self.columns.services[name].components.items():
                said = [pl.lit("part"), pl.lit(name), pl.lit(component), SEAT, _text(pl.col(name_of(amount)))]
                of_whom = sides[PERSON].filter(pl.col(name_of(counts))).join(pieces[0], on=KEY, how="semi")
                piece = pl.concat_str(said, separator=_FIELD).alias("piece")
                pieces.append(of_whom.select(pl.col(KEY).cast(pl.UInt32), piece))
        return pl.concat(pieces).group_by(KEY).agg(pl.col("piece").sort().str.join(_UNIT).alias("shape"))

    def _worked_out(self, shapes: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        answers, paid = [], []
        for shape in shapes:
            for vertex, advice, worth in self._of_shape(shape):
                answers.append((shape, *vertex, advice, worth and worth.amount))
                paid += [
                    (shape, vertex[0], part.component, part.subject, part.amount)
                    for part in (worth.parts if worth else ())
                    if part.paid
                ]
        schema = {"shape": pl.String, "service": pl.String, SEAT: pl.String}
        schema |= {"advice_of_shape": _ADVICE, "amount_of_shape": pl.Float64}
        paid_schema = {"shape": pl.String, "service": pl.String, "component": pl.String, SEAT: pl.String}
        paid_schema |= {"amount": pl.Float64}
        return (
            pl.DataFrame(answers, schema=schema, orient="row"),
            pl.DataFrame(paid, schema=paid_schema, orient="row"),
        )

    def _of_shape(self, shape: str) -> Iterator[tuple[Vertex, str, Worth | None]]:
        """Advise one shape as one household is advised (`diagnosis`)."""
        outcomes: dict[Vertex, str] = {}
        held: set[Vertex] = set()
        amounts: dict[Vertex, float | None] = {}
        parts: dict[str, list[Part]] = {}
        for piece in shape.split(_UNIT):
            kind, service, *rest = piece.split(_FIELD)
            if kind == "row":
                seat, outcome, is_held, amount = rest
                outcomes[service, seat] = outcome
                amounts[service, seat] = float(amount) if amount else None
                held |= {(service, seat)} if is_held == "1" else set()
            else:
                component, seat, amount = rest
                parts.setdefault(service, []).append(Part(component, seat, float(amount) if amount else None, False))

        def worth(vertex: Vertex, package: Package) -> Worth | None:
            service = self.services[vertex[0]]
            benefit = service.benefit
            if benefit is None:
                return None
            if benefit.components:
                order = {one.name.text: place for place, one in enumerate(benefit.components)}
                mine = sorted(parts.get(service.name, ()), key=lambda part: (order[part.component], part.subject))
                return worth_of_parts(self.plan, service, mine, barring(service, package))
            return Worth(amounts[vertex], benefit.per, benefit.kind, self.confirmed[service.name])

        kept = frozenset(held)
        vertices = [vertex for vertex, outcome in outcomes.items() if outcome == "yes" or vertex in held]
        choice = choose(vertices, self.office.clashes, kept, self.office.duties, worth)
        for vertex, outcome in outcomes.items():
            said = advise.advice(vertex, outcome, vertex in held, choice)
            yield vertex, said, None if outcome == "no" else worth(vertex, choice.at_hand(vertex, kept))


def _text(amount: pl.Expr) -> pl.Expr:
    return amount.cast(pl.Float64).cast(pl.String).fill_null("")


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
        rows.filter(pl.col("status") != NOT_CONCERNED),
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
            | {"amount": pl.Float64, "advice": _ADVICE}
        ),
        pl.DataFrame(schema=empty | {"component": pl.String, "amount": pl.Float64}),
        pl.DataFrame(schema=empty | {"document": pl.String, "needed": pl.Enum(["yes", "maybe"])}),
    )
