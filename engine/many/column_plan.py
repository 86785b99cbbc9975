"""What is asked of the columns: services with their status, amount, components and papers; and conclusions.

`columns` knows what each line, rule and conclusion is as a column; here the answers that people ask for are put
together from them, scheduled once, and run over as many tables as there are.
"""

from collections.abc import Iterable
from types import ModuleType
from typing import Any, NamedTuple

import polars

from engine import certainty
from engine.advise import STATUSES
from engine.compile import Plan, Task
from engine.knowledge.model import HOUSEHOLD, PERSON, Service
from engine.many.column_formulas import evaluate
from engine.many.columns import Brought, Sight, Writer
from engine.many.sheet import KEY, SEAT, Col, Schedule
from engine.meaning import PROVEN

# So many households at once: whoever has more of them needs no more memory for what lies between.
PART = 262_144


class ServiceColumns(NamedTuple):
    """What is worked out about a service, one column each about its subjects."""

    cf: Any
    told: Any
    status: Any
    held: Any
    amount: Any
    components: dict[str, tuple[Any, Any]]
    needs: dict[str, Any]


class _Services:
    """Writes what is worked out about services."""

    def __init__(self, writer: Writer) -> None:
        self.writer, self.plan = writer, writer.plan

    def service(self, service: Service, needs: bool) -> ServiceColumns:
        """Write everything about a service; with `needs`, its documents too."""
        side = service.for_
        cf, told = self.writer.read(service.name, side, side)
        components, amount = {}, None
        benefit = service.benefit
        if benefit and benefit.amount:
            amount = evaluate(benefit.amount.tree, Sight(self.writer, side, PROVEN)).value
        for component in benefit.components if benefit else ():
            about = self.plan.knowledge.conclusions[component.member.text].about
            counts = self.writer.read(component.member.text, about, PERSON)[PROVEN] > certainty.THRESHOLD
            paid = evaluate(component.amount.tree, Sight(self.writer, PERSON, PROVEN)).value
            components[component.name.text] = (
                self.writer.sheet.keep(counts, PERSON),
                self.writer.sheet.keep(paid, PERSON),
            )
        held = self.writer.held(service.name, side)
        columns = (
            self.writer.sheet.keep(one, side) for one in (cf, told, self._status(service, cf, told), held, amount)
        )
        return ServiceColumns(*columns, components, self._needs(service) if needs else {})

    def _needs(self, service: Service) -> dict[str, Any]:
        """Give, for each rule that asks for documents of a service, its premise."""
        tasks = [task for task in self.plan.tasks if task.kind == "need"]
        mine = [task for task in tasks if task.rule.rule.effect.service.text == service.name]
        return {task.name: self.writer.sheet.keep(self.writer.rule(task)[0][PROVEN], task.about) for task in mine}

    def _status(self, service: Service, cf: Any, told: Any) -> Any:
        """Give the status as its place in `STATUSES`: the first of design 5.1 that fits (`advise.status_of`)."""
        task = self.plan.by_name["settle", service.name]
        number = {status: place for place, status in enumerate(STATUSES)}
        if task.default < 0:
            return number["not_in_force"]
        where, low, high = self.writer.on.where, -certainty.THRESHOLD, certainty.THRESHOLD
        concerns, unneeded, unless = (self._lines_of(task, kind) for kind in ("concerns", "unneeded", "unless"))
        lacking = _any(line <= high for line in self._provided(service))
        checked = where(told >= certainty.SURE, number["eligible_as_told"], number["likely"])
        yes = where(cf >= certainty.SURE, number["eligible"], checked)
        status = where(lacking, number["conditional"], yes)
        refused = where(told <= -certainty.SURE, number["ineligible"], number["unlikely"])
        refused = where(_any(line > high for line in unless), number["excluded"], refused)
        status = where(cf < low, refused, where(cf > high, status, number["undetermined"]))
        status = where(_any(line > high for line in unneeded), number["not_required"], status)
        return where(_any(line < low for line in concerns), number["not_concerned"], status)

    def _lines_of(self, task: Task, kind: str) -> list[Any]:
        """Give the CFs of the lines of one kind of block in the rules of a service."""
        rules = [self.plan.by_name["weigh", rule.id] for rule in task.contributions]
        blocks = [(one.about, block) for one in rules for block in one.rule.blocks if block.block.kind == kind]
        return [self.writer.line(line, about)[PROVEN] for about, block in blocks for line in block.lines]

    def _provided(self, service: Service) -> list[Any]:
        if service.name not in self.plan.provided:
            return []
        meaning, _ = self.plan.provided[service.name]
        return [self.writer.line(line, meaning.rule.about)[PROVEN] for line in meaning.provided]


def _any(tests: Iterable[Any]) -> Any:
    found: Any = False
    for test in tests:
        found = test | found if isinstance(test, Col) else found | test
    return found


class ColumnPlan:
    """A plan made ready for tables of one shape: run it over as many of them as there are.

    Args:
        plan: The plan of the households' days.
        brought: Which columns the tables bring.
        services: The services asked for.
        conclusions: Conclusions asked for beside them.
        needs: Whether the documents of the services are asked for.
        dialect: The words of the expressions: `polars` for its tables, `narwhals` for those of other engines.
    """

    def __init__(
        self,
        plan: Plan,
        brought: Brought,
        services: Iterable[str] = (),
        conclusions: Iterable[str] = (),
        needs: bool = False,
        dialect: ModuleType = polars,
    ) -> None:
        writer = Writer(plan, brought, dialect)
        services_of = _Services(writer)
        self.plan, self.sheet = plan, writer.sheet
        known = plan.knowledge.services
        self.services = {name: services_of.service(known[name], needs) for name in services}
        self.conclusions = {}
        for name in conclusions:
            about = plan.knowledge.conclusions[name].about
            pair = writer.read(name, about, about)
            self.conclusions[name] = tuple(writer.sheet.keep(cf, about) for cf in pair)
        self.schedule = Schedule(writer.sheet, list(self._outputs()))

    def _outputs(self) -> Iterable[Col]:
        for one in self.services.values():
            yield from (one.cf, one.told, one.status, one.held, one.amount, *one.needs.values())
            for pair in one.components.values():
                yield from pair
        for pair in self.conclusions.values():
            yield from pair

    def run(self, households: Any, persons: Any) -> dict[str, Any]:
        """Work everything out for two tables; large ones of Polars part by part, to bound memory.

        Args:
            households: A frame of the dialect with the key `h` and the columns that `brought` names.
            persons: The same for persons, with their seats.

        Returns:
            By `household` and `person`: a frame of the key (and seat) and every output; `name_of` says how each is
            called.
        """
        if not isinstance(households, polars.DataFrame) or households.height <= PART:
            return self._run(households, persons)
        parts = [households.slice(start, PART) for start in range(0, households.height, PART)]
        worked = [self._run(part, persons.join(part.select(KEY), on=KEY, how="semi")) for part in parts]
        return {of: polars.concat([one[of] for one in worked]) for of in (HOUSEHOLD, PERSON)}

    def _run(self, households: Any, persons: Any) -> dict[str, Any]:
        tables = {}
        for of, frame in ((HOUSEHOLD, households), (PERSON, persons)):
            inputs = [(own, name) for own, name in self.schedule.inputs.items() if own.startswith(of + ".")]
            keys = [KEY] if of == HOUSEHOLD else [KEY, SEAT]
            tables[of] = frame.select(*keys, *[self.sheet.dialect.col(name).alias(own) for own, name in inputs])
        return self.schedule.run(tables)
