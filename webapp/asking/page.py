"""One page of the interview: what a step asks, as fields in one language, and what was answered on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from engine.interview import is_ticked
from engine.knowledge.model import FAMILY, HOUSEHOLD, Fact
from webapp.asking.forms import NOTHING, Field, is_among
from webapp.asking.typed import LONGEST
from webapp.asking.walk import AID, HOME, MEMBER, RECEIVERS, URGENT, Asked, Step, Walk

NOT_KNOWN, EVERYBODY = "?", "*"
_MOST_SHOWN_AT_ONCE = 8
_MOST_TICKS = 16
Sent = Mapping[str, list[str]]


@dataclass(frozen=True)
class Group:
    """Fields that answer one question.

    `kind` is how it is shown: `field`, one control; `each`, one control for each member; `ticks`, boxes to tick under
    the name `name`, where `alone` are the ticks that stand alone (none of these, not known).
    """

    kind: str
    legend: str
    help: str | None = None
    name: str = ""
    fields: tuple[Field, ...] = ()
    ticks: tuple[tuple[str, str], ...] = ()
    alone: tuple[tuple[str, str], ...] = ()
    facts: tuple[str, ...] = ()


@dataclass
class Answer:
    """What was answered on a page: by field as it is kept, what to mend, and the steps it calls for."""

    typed: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    then: list[Step] = field(default_factory=list)


class Page:
    """The page of the step at hand."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.step, self.form = walk, walk.step, walk.form
        self.word, self.lang = walk.form.word, walk.form.lang
        # On the step of aid stand services and papers too; the page lists those in its own way.
        self.asked = [one for one in self.step.asked if one.fact in walk.facts]

    @cached_property
    def groups(self) -> list[Group]:
        """Give what the page asks, in order."""
        if self.step.kind == RECEIVERS:
            return [self._receivers(one) for one in self.step.asked]
        ticked = [one for one in self.asked if self._is_ticked(one)]
        groups = [self._group(one) for one in self.asked if one not in ticked]
        if ticked:
            groups.append(self._tick_list(ticked))
        return groups + (self._aid_and_papers() if self.step.kind == AID else [])

    def _is_ticked(self, one: Asked) -> bool:
        """Say whether a fact stands on a list of things to tick."""
        return self.step.kind in ("tick", URGENT) and is_ticked(self._fact(one))

    def _fact(self, one: Asked) -> Fact:
        return self.walk.facts[one.fact]

    def _question(self, fact: Fact) -> str:
        return (fact.question or fact.label).in_(self.lang)

    def _help(self, fact: Fact) -> str | None:
        text = fact.help or fact.find_out
        return text.in_(self.lang) if text else None

    def _group(self, one: Asked) -> Group:
        fact = self._fact(one)
        if self.step.kind == MEMBER:
            return Group("field", "", fields=tuple(self._member_fields(fact, one.seats[0])), facts=(fact.name,))
        if one.seats == (HOME,):
            return Group("field", "", fields=(_shown_at_once(self.form.field(fact, HOME)),), facts=(fact.name,))
        if is_among(fact):
            return self._who(f"w.{fact.name}", self._question(fact), self._help(fact), one)
        fields = tuple(
            replace(self.form.field(fact, f"m{seat}"), label=self.walk.roles[int(seat)], help=None)
            for seat in one.seats
        )
        return Group("each", self._question(fact), self._help(fact), fields=fields, facts=(fact.name,))

    def _member_fields(self, fact: Fact, seat: str) -> Iterable[Field]:
        """Give the fields of one thing about a new member; beside a date, what may stand in for it (an age)."""
        yield _shown_at_once(self.form.field(fact, f"m{seat}"))
        yield from (self.form.field(one, f"m{seat}") for one in self.form.standing_in_for(fact))

    def _who(self, name: str, legend: str, help_: str | None, one: Asked) -> Group:
        seats = tuple((seat, self.walk.roles[int(seat)]) for seat in one.seats)
        alone = ((NOTHING, self.word("nobody")), (NOT_KNOWN, self.word("unknown")))
        if len(seats) > 1:
            alone = ((EVERYBODY, self.word("all_of_them")), *alone)
        return Group("ticks", legend, help_, name, ticks=seats, alone=alone, facts=(one.fact,))

    def _tick_list(self, asked: Sequence[Asked]) -> Group:
        key = "urgent" if self.step.kind == URGENT else "exclusions" if self.step.theme == "aid" else "situations"
        facts = [self._fact(one) for one in asked]
        return Group(
            "ticks",
            self.word(f"ask_{key}"),
            self.word(f"ask_{key}_help"),
            "t",
            ticks=tuple((one.fact, self._tick_label(one)) for one in asked),
            alone=((NOTHING, self.word("none_of_these")), (NOT_KNOWN, self.word("unknown"))),
            facts=tuple(fact.name for fact in facts),
        )

    def _tick_label(self, one: Asked) -> str:
        """Name a thing to tick, with the member where it is asked of one alone, for then nobody asks who."""
        label = self._fact(one).label.in_(self.lang)
        alone = len(one.seats) == 1 and one.seats != (HOME,) and self.walk.told.members > 1
        return f"{label} ({self.walk.roles[int(one.seats[0])]})" if alone else label

    def _aid_and_papers(self) -> list[Group]:
        alone = ((NOTHING, self.word("none_of_these")), (NOT_KNOWN, self.word("unknown")))
        of_home, of_each = self.form.aid()
        groups = [Group("ticks", self.word("ask_aid"), None, "aid", ticks=(*of_home, *of_each), alone=alone)]
        if papers := self._papers():
            groups.append(Group("ticks", self.word("ask_papers"), None, "papers", ticks=tuple(papers), alone=alone))
        return groups

    def _papers(self) -> list[tuple[str, str]]:
        """Give the papers on which the answer of a service hangs."""
        plan = self.walk.interview.trace.plan
        named = {line.condition.name.text for meaning, _ in plan.provided.values() for line in meaning.provided}
        named |= {name for row in self.walk.interview.rows for name, _ in row.missing}
        return [(name, label) for name, label in self.form.papers() if name in named]

    def _receivers(self, one: Asked) -> Group:
        service = self.walk.office.knowledge.services[one.fact]
        seats = tuple((f"{one.fact}@{seat}", self.walk.roles[int(seat)]) for seat in one.seats)
        legend = self.word("ask_receivers", service=service.label.in_(self.lang))
        alone = ((NOT_KNOWN, self.word("unknown")),)
        return Group("ticks", legend, None, f"aid.{one.fact}", ticks=seats, alone=alone, facts=(one.fact,))

    # What was answered.

    def read(self, sent: Sent) -> Answer:
        """Read what was sent for this page; what is left open on a list is asked back, for open is not "no"."""
        answer = Answer()
        if self.step.kind == MEMBER:
            seat = self.step.asked[0].seats[0]
            answer.typed[f"m{seat}.id"] = [_one(sent, f"m{seat}.id")[:LONGEST]]
        for group in self.groups:
            if group.kind == "ticks":
                self._read_ticks(group, sent, answer)
            else:
                self._read_fields(group, sent, answer)
        self._judge(answer)
        return answer

    def draft(self, sent: Sent) -> dict[str, list[str]]:
        """Keep what was typed on a page that is left without an answer."""
        answer = self.read(sent)
        return answer.typed

    def skipped(self) -> dict[str, list[str]]:
        """Answer everything on the page with "not known"."""
        empty = {name: [""] for name in self.step.names}
        return {name: said for name, said in empty.items() if name not in ("aid", "papers")}

    def _read_fields(self, group: Group, sent: Sent, answer: Answer) -> None:
        for one in group.fields:
            said = [text for text in sent.get(one.name, []) if text != NOT_KNOWN]
            if one.control == "several":
                answer.typed[one.name] = said
                if not sent.get(one.name):
                    answer.errors[one.name] = self.word("choose_some")
                elif NOTHING in said and len(said) > 1:
                    answer.errors[one.name] = self.word("tick_or_none")
                continue
            answer.typed[one.name] = said[:1] or [""]
            if one.control in ("truth", "radios") and group.kind == "field" and not sent.get(one.name):
                answer.errors[one.name] = self.word("choose_one")

    def _read_ticks(self, group: Group, sent: Sent, answer: Answer) -> None:
        known = {code for code, _ in (*group.ticks, *group.alone)}
        ticked = [one for one in dict.fromkeys(sent.get(group.name, [])) if one in known]
        alone = [code for code, _ in group.alone if code in ticked]
        if not ticked:
            answer.errors[group.name] = self.word("choose_some")
        elif alone and len(ticked) > 1 and alone != [EVERYBODY]:
            answer.errors[group.name] = self.word("tick_or_none")
        if group.name == "t":
            self._keep_list(ticked, answer)
        elif self.step.kind == RECEIVERS:
            self._keep_receivers(group, ticked, answer)
        elif group.name in ("aid", "papers"):
            self._keep_aid(group, ticked, answer)
        else:
            self._keep_who(group, ticked, answer)

    def _keep_who(self, group: Group, ticked: list[str], answer: Answer) -> None:
        """Keep for each member whether it was ticked; for nobody when it is not known."""
        asked = next(one for one in self.step.asked if one.fact == group.facts[0])
        for seat, name in zip(asked.seats, asked.names, strict=True):
            known = ticked and NOT_KNOWN not in ticked
            answer.typed[name] = ["yes" if seat in ticked or EVERYBODY in ticked else "no"] if known else [""]

    def _keep_list(self, ticked: list[str], answer: Answer) -> None:
        """Keep what was ticked; the rest is as rare as it is presumed to be. Who it is, or what, is asked next."""
        among, each = [], []
        for one in self.asked:
            if not self._is_ticked(one):
                continue
            fact = self._fact(one)
            said = "" if not ticked or NOT_KNOWN in ticked else "yes" if one.fact in ticked else "no"
            answer.typed[f"t.{one.fact}"] = [said]
            if said == "yes" and (fact.type != "boolean" or len(one.seats) > 1):
                answer.typed |= {name: self.walk.told.typed.get(name, [""]) for name in one.names}
                (among if fact.type == "boolean" else each).append(one)
            else:
                plain = said if fact.type == "boolean" or said != "no" else str(fact.presume)
                answer.typed |= {name: [plain] for name in one.names}
        answer.then += [Step("among", self.step.theme, some) for some in _on_a_page(among)]
        answer.then += [Step("each", self.step.theme, (one,)) for one in each]

    def _keep_receivers(self, group: Group, ticked: list[str], answer: Answer) -> None:
        """Keep who receives one service beside what is received otherwise."""
        received = answer.typed.get("aid", self.walk.told.typed.get("aid", []))
        others = [one for one in received if one.partition("@")[0] != group.facts[0]]
        answer.typed["aid"] = [*others, *(one for one in ticked if one != NOT_KNOWN)]

    def _keep_aid(self, group: Group, ticked: list[str], answer: Answer) -> None:
        """Keep the aid or the papers that were ticked; who receives what is for one person is asked next."""
        services, kept, of_members = self.walk.office.knowledge.services, [], []
        seats = tuple(str(seat) for seat in range(self.walk.told.members))
        for name in ticked:
            service = services.get(name) if group.name == "aid" else None
            if name == NOT_KNOWN or (name == NOTHING and group.name != "aid"):
                continue
            if service is None or service.for_ == HOUSEHOLD:
                kept.append(name)
            elif len(seats) == 1:
                kept.append(f"{name}@0")
            else:
                kept += [one for one in self.walk.told.typed.get("aid", []) if one.startswith(f"{name}@")]
                of_members.append(Asked(name, seats))
        answer.then += [Step(RECEIVERS, "aid", some) for some in _on_a_page(of_members)]
        answer.typed[group.name] = kept

    def _judge(self, answer: Answer) -> None:
        """Let the engine judge the values; only what stands on this page can be mended here."""
        names = {one.name for group in self.groups for one in group.fields}
        told = self.walk.told
        trial = self.walk.answers.typed | answer.typed
        for name, sentence in self.form.mistakes(trial, told.members).items():
            if name in names or name in answer.typed:
                answer.errors.setdefault(name, sentence)

    def _presumed(self, one: Field) -> list[str]:
        """Begin a long list with what is presumed, but for those who come because it is otherwise."""
        fact = self.walk.facts[one.name.partition(".")[2]]
        presumed = one.control == "select" and fact.of == HOUSEHOLD and self.walk.told.applicant == FAMILY
        return [str(fact.presume)] if presumed and fact.presume is not None else []

    def _ticked_before(self) -> list[str]:
        said = {one.fact: self.walk.told.typed.get(f"t.{one.fact}", [""]) for one in self.asked if self._is_ticked(one)}
        ticked = [fact for fact, mark in said.items() if mark == ["yes"]]
        return ticked or [NOT_KNOWN if [""] in said.values() else NOTHING]

    def filled(self) -> dict[str, list[str]]:
        """Give what is filled in on the page: what was typed before, as ticks where it is asked with ticks."""
        typed = self.walk.told.typed
        found = {one.name: typed.get(one.name, self._presumed(one)) for group in self.groups for one in group.fields}
        for one in self.asked:
            said = [typed[name][0] for name in one.names if typed.get(name)]
            if len(said) == len(one.names):
                found[f"w.{one.fact}"] = _as_ticks(one, said)
        if all(name in typed for one in self.asked if self._is_ticked(one) for name in one.names):
            found["t"] = self._ticked_before()
        found |= {group.name: typed.get("aid", []) for group in self.groups if self.step.kind == RECEIVERS}
        for name in ("aid", "papers"):
            found[name] = [part for one in typed.get(name, []) for part in (one, one.partition("@")[0])]
        if self.step.kind == MEMBER:
            seat = self.step.asked[0].seats[0]
            found[f"m{seat}.id"] = typed.get(f"m{seat}.id", [])
        return found


def _on_a_page(asked: Sequence[Asked]) -> Iterable[tuple[Asked, ...]]:
    """Give, a page at a time, what is asked of members with a tick for each."""
    if asked:
        most = max(1, _MOST_TICKS // max(1, *(len(one.seats) for one in asked)))
        yield from (tuple(asked[at : at + most]) for at in range(0, len(asked), most))


def _shown_at_once(one: Field) -> Field:
    """Show few choices all at once; many in a list that opens."""
    few = one.control == "select" and len(one.choices) <= _MOST_SHOWN_AT_ONCE
    return replace(one, control="radios") if few else one


def _as_ticks(one: Asked, said: list[str]) -> list[str]:
    ticked = [seat for seat, text in zip(one.seats, said, strict=True) if text == "yes"]
    return ticked or [NOTHING if "no" in said else NOT_KNOWN]


def _one(sent: Sent, name: str) -> str:
    return next(iter(sent.get(name, [])), "")
