"""Print the proof of a conclusion as a tree: HOW it follows, or WHY NOT and how far it is.

What bears the result is shown and followed down to the facts. The rest of a block is folded into one line
with a count, unless everything is asked for.
"""

from itertools import groupby

from rich.markup import escape
from rich.tree import Tree

from engine import certainty
from engine.diagnosis import Diagnosis, Office
from engine.explain import ConditionResult, MemberResult, Reason, inputs_of, reasons
from engine.knowledge.model import HOUSEHOLD
from engine.nearest.search import Nearest
from engine.present import status_sentence
from engine.rows import ServiceRow
from engine.words import Speaker, joined, say
from webapp.telling.changes import changes
from webapp.words import words_in

_MARKS = {"yes": "[green]✓[/]", "no": "[red]✗[/]", "unknown": "[yellow]?[/]"}
_MOST_INPUTS = 4
_MOST_WHY_NOT = 3


def tree(office: Office, diagnosis: Diagnosis, name: str, subject: str, lang: str, full: bool = False) -> Tree:
    """Build the proof of one conclusion or service for one subject; `full` folds nothing."""
    return _Proof(office, diagnosis, Speaker(diagnosis.knowledge, lang), full).root(name, subject)


class _Proof:
    """Grows one tree; a conclusion met a second time is named, not proved again."""

    def __init__(self, office: Office, diagnosis: Diagnosis, speaker: Speaker, full: bool) -> None:
        self.office = office
        self.diagnosis, self.speaker, self.lang, self.full = diagnosis, speaker, speaker.lang, full
        self.trace = diagnosis.trace
        self.proved: set[tuple[str, str]] = set()
        self.folded = False

    def root(self, name: str, subject: str) -> Tree:
        row = self.diagnosis.row(name, subject)
        top = Tree(self._headline(name, subject))
        if row:
            top.add(escape(status_sentence(row, self.speaker.about(subject))))
        self._prove(top, name, subject)
        if row and row.still_needed:
            wanted = top.add(f"[dim]{say('block', 'provided all', self.lang)}[/]")
            for line in row.still_needed:
                wanted.add(self._said(line))
        if row:
            self._add_changes(top, row)
        if self.folded:
            top.add(f"[dim]{say('proof', 'folded', self.lang)}[/]")
        return top

    def _add_changes(self, top: Tree, row: ServiceRow) -> None:
        """Add what would have to change for a no, as the pages say it."""
        t = words_in(self.lang)
        found = changes(Nearest(self.diagnosis, self.office), row, self.speaker.about(row.subject))
        wanted = top.add(f"[dim]{escape(t('what_would_change'))}[/]") if found else top
        for way in found:
            said = " ".join((*way.document, *way.time)) or joined(way.fixed, self.lang)
            kind = "time" if way.time else "document" if way.document else "fixed"
            wanted.add(f"{escape(said)}  [dim]{escape(t('change_' + kind))}[/]")

    def _headline(self, name: str, subject: str) -> str:
        cf, told = self.trace.cf(name, subject), self.trace.told(name, subject)
        who = "" if subject == HOUSEHOLD else f" · {escape(self.speaker.who(subject))}"
        differs = certainty.rounded(told) != certainty.rounded(cf)
        as_told = f", {say('say', 'as_told', self.lang)} {told:+.2f}" if differs else ""
        mark = _MARKS[certainty.outcome(cf)]
        return f"{mark} [bold]{escape(self.speaker.label(name))}[/]{who}  [dim]CF {cf:+.2f}{as_told}[/]"

    def _prove(self, branch: Tree, name: str, subject: str) -> None:
        """Add the rules that speak about a conclusion; a rule that says nothing is only counted."""
        self.proved.add((name, subject))
        found = reasons(self.trace, name, subject)
        speaking = [one for one in found if self.full or one.contribution] or found
        if not found:
            branch.add(f"[dim]{say('say', 'rule_missing', self.lang)}[/]")
        for reason in speaking:
            self._add_reason(branch, reason, subject, alone=len(found) == 1)
        if len(found) > len(speaking):
            silent = ", ".join(one.rule.id for one in found if one not in speaking)
            self._fold(branch, f"[dim]{escape(say('proof', 'silent', self.lang, rules=silent))}[/]")

    def _fold(self, branch: Tree, said: str) -> None:
        self.folded = True
        branch.add(said)

    def _add_reason(self, branch: Tree, reason: Reason, subject: str, alone: bool) -> None:
        """Add a rule; the only rule about an idea stands in the idea's own line."""
        cited = f"[dim]{say('say', 'source', self.lang)}: {escape(self.speaker.source(reason.rule))}[/]"
        name, sentence = f"[cyan]{escape(reason.rule.id)}[/]", escape(self.speaker.sentence(reason))
        if alone and len(self.proved) > 1:
            told = f" {sentence}" if reason.rule.because and reason.premise > 0 else ""
            branch.label = f"{branch.label}\n{name}{told} {cited}"
            node = branch
        else:
            node = branch.add(f"{name} {sentence}  [dim]{reason.contribution:+.2f}[/]\n{cited}")
        stopping = {id(line) for line in reason.stoppers}
        blocks = [(label, list(lines)) for label, lines in groupby(reason.conditions, key=lambda line: line.block)]
        for label, lines in blocks:
            plain = len(blocks) == 1 and label.endswith(" all")
            block = node if plain else node.add(f"[dim]{escape(self._block(label))}[/]")
            self._add_block(block, label, lines, stopping, reason, subject)

    def _block(self, label: str) -> str:
        if label.startswith("when at least"):
            n = label.split()[3]
            parameter = self.diagnosis.knowledge.parameters.get(n)
            amount = parameter.on(self.diagnosis.household.as_of) if parameter else None
            return say("block", "when at least", self.lang, n=self.speaker.value(n, amount.value) if amount else n)
        return say("block", label, self.lang)

    def _add_block(
        self, block: Tree, label: str, lines: list[ConditionResult], stopping: set[int], reason: Reason, subject: str
    ) -> None:
        """Add the lines that bear the rule's result, with what is below them, and fold or name the others."""
        bearing = [line for line in lines if self.full or _bears(label, line, id(line) in stopping, reason)]
        others = [line for line in lines if line not in bearing]
        if label.endswith(" all"):
            for line in lines:
                self._add_line(block, line, id(line) in stopping, line in bearing, subject)
            return
        follow = self.full or len(bearing) <= _MOST_WHY_NOT or certainty.outcome(reason.premise) != "no"
        for line in bearing:
            self._add_line(block, line, id(line) in stopping, follow, subject)
        for mark in _MARKS:
            same = [line for line in others if certainty.outcome(line.cf) == mark]
            if len(same) == 1:
                self._add_line(block, same[0], False, False, subject)
            elif same:
                key = f"{'other' if bearing else 'all'}_{mark}"
                self._fold(block, f"{_MARKS[mark]} [dim]{say('proof', key, self.lang, count=len(same))}[/]")

    def _said(self, line: ConditionResult, stops: bool = False) -> str:
        said = escape(self.speaker.claim(line))
        is_value = line.name in self.diagnosis.knowledge.facts and line.quantifier is None
        if is_value and line.test not in ("is known", "is unknown"):
            value = self.speaker.value(line.name, line.value)
            said += f"  [dim]{escape(say('say', 'now', self.lang, value=value))}{self._evidence(line)}[/]"
        if line.distance:
            said += f"  [red]{escape(self.speaker.distance(line))}[/]"
        said = f"[bold]{said}[/]" if stops else said
        return f"{_MARKS[certainty.outcome(line.cf)]} {said}  [dim]{line.cf:+.2f}[/]"

    def _add_line(self, branch: Tree, line: ConditionResult, stops: bool, bears: bool, subject: str) -> None:
        node = branch.add(self._said(line, stops))
        conclusions = self.diagnosis.knowledge.conclusions
        is_idea = line.name in conclusions and line.test in ("yes", "no")
        if line.quantifier:
            self._add_members(node, line, is_idea, bears)
        elif is_idea and bears:
            self._prove_once(node, line.name, HOUSEHOLD if conclusions[line.name].about == HOUSEHOLD else subject)
        elif bears:
            self._add_inputs(node, line)

    def _add_members(self, node: Tree, line: ConditionResult, is_idea: bool, bears: bool) -> None:
        """Add the members who decide a line; the others share one line for each answer."""
        only = len(line.members) == 1
        telling = [one for one in line.members if self.full or (bears and (only or _tells(line, one)))]
        for member in telling:
            leaf = node.add(self._member(line, member, is_idea))
            if is_idea:
                self._prove_once(leaf, line.name, member.subject)
        for mark in _MARKS:
            rest = [one for one in line.members if one not in telling and certainty.outcome(one.cf) == mark]
            if rest:
                who = joined((self.speaker.who(one.subject) for one in rest), self.lang)
                node.add(f"{_MARKS[mark]} [dim]{escape(who)}[/]")

    def _member(self, line: ConditionResult, member: MemberResult, is_idea: bool) -> str:
        value = "" if is_idea else f"  [dim]{escape(self.speaker.value(line.name, member.value))}[/]"
        mark = _MARKS[certainty.outcome(member.cf)]
        return f"{mark} {escape(self.speaker.who(member.subject))}{value}  [dim]{member.cf:+.2f}[/]"

    def _add_inputs(self, node: Tree, line: ConditionResult) -> None:
        inputs = inputs_of(self.trace, line.name, line.subject)
        if inputs and (self.full or len(inputs) <= _MOST_INPUTS):
            told = (f"{self.speaker.label(name)}: {self.speaker.value(name, value)}" for name, value in inputs.items())
            node.add(f"[dim]{escape(say('proof', 'from', self.lang, list=joined(told, self.lang)))}[/]")

    def _prove_once(self, node: Tree, name: str, subject: str) -> None:
        if (name, subject) in self.proved:
            node.add(f"[dim]{say('proof', 'above', self.lang)}[/]")
        else:
            self._prove(node, name, subject)

    def _evidence(self, line: ConditionResult) -> str:
        known = self.diagnosis.knowledge.evidence.get(line.evidence or "")
        if known is None or line.value is None:
            return ""
        return f" ({escape(self.speaker.lower(known.label.in_(self.lang)))} {line.certainty:.2f})"


def _bears(label: str, line: ConditionResult, stops: bool, reason: Reason) -> bool:
    """Say whether a line bears its rule's result: it holds in a rule that holds, or stops one that does not."""
    if certainty.outcome(reason.premise) == "yes" or label == "count of":
        return certainty.outcome(line.cf) == "yes" and not label.startswith(("unless", "unneeded"))
    return stops


def _tells(line: ConditionResult, member: MemberResult) -> bool:
    """Say whether a member decides a line: as the line came out, or open where the line is open."""
    answer, open_ = certainty.outcome(member.cf), certainty.outcome(line.cf) == "unknown"
    return member in line.deciding or (open_ and answer == "unknown")
