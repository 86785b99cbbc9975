"""Packages and paid components for many households: each kind of household is worked out once.

What excludes what, and which parts are paid, depends on few things: which services a household qualifies for or
holds, and what each would give. Households alike in these have the same *shape*; each shape is put to the same
`choose` and `worth_of_parts` that one household is, and its answer goes to all who have it.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from engine import advise
from engine.benefits import Package, Part, Vertex, Worth, barring, is_confirmed, worth_of_parts
from engine.compile import Plan
from engine.diagnosis import Office
from engine.knowledge.model import PERSON
from engine.many.column_plan import ColumnPlan
from engine.many.sheet import KEY, SEAT, name_of
from engine.packages import choose

ADVICE = pl.Enum(["take", "keep", "choose", "review", "none"])
PAID = {KEY: pl.UInt32, SEAT: pl.String, "service": pl.String, "component": pl.String, "amount": pl.Float64}
_UNIT, _FIELD = "\n", "\t"


class Alike:
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
        nowhere = [one.name for one in self.services.values() if not advise.can_be_taken(one, "yes")]
        offered = (outcome == "yes") & ~pl.col("service").is_in(nowhere)
        free = free.when(offered).then(pl.lit("take")).otherwise(pl.lit("none"))
        rows = rows.with_columns(
            free.cast(ADVICE).alias("advice"),
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
        schema |= {"advice_of_shape": ADVICE, "amount_of_shape": pl.Float64}
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
        vertices = [
            vertex
            for vertex, outcome in outcomes.items()
            if advise.can_be_taken(self.services[vertex[0]], outcome) or vertex in held
        ]
        choice = choose(vertices, self.office.clashes, kept, self.office.duties, worth)
        for vertex, outcome in outcomes.items():
            said = advise.advice(self.services[vertex[0]], vertex, outcome, vertex in held, choice)
            yield vertex, said, None if outcome == "no" else worth(vertex, choice.at_hand(vertex, kept))


def _text(amount: pl.Expr) -> pl.Expr:
    return amount.cast(pl.Float64).cast(pl.String).fill_null("")
