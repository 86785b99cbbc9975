"""Print the proof of a conclusion as a tree: HOW it follows, or WHY NOT and how far it is."""

from rich.markup import escape
from rich.tree import Tree

from engine import certainty
from engine.diagnosis import Diagnosis
from engine.explain import ConditionResult, Reason, reasons
from engine.model import HOUSEHOLD
from engine.present import status_sentence
from engine.words import Speaker, say

_MARKS = {"yes": "[green]✓[/]", "no": "[red]✗[/]", "unknown": "[yellow]?[/]"}


def tree(diagnosis: Diagnosis, name: str, subject: str, lang: str) -> Tree:
    """Build the proof of one conclusion or service for one subject."""
    return _Proof(diagnosis, Speaker(diagnosis.knowledge, lang)).root(name, subject)


class _Proof:
    """Grows one tree; a conclusion met a second time is named, not proved again."""

    def __init__(self, diagnosis: Diagnosis, speaker: Speaker) -> None:
        self.diagnosis, self.speaker, self.lang = diagnosis, speaker, speaker.lang
        self.trace = diagnosis.trace
        self.proved: set[tuple[str, str]] = set()

    def root(self, name: str, subject: str) -> Tree:
        row = self.diagnosis.row(name, subject)
        top = Tree(self._headline(name, subject))
        if row:
            top.add(escape(status_sentence(row, self.speaker)))
        self._prove(top, name, subject)
        if row and row.still_needed:
            wanted = top.add(say("block", "provided all", self.lang))
            for line in row.still_needed:
                wanted.add(f"{_MARKS[certainty.outcome(line.cf)]} {escape(self.speaker.claim(line))}")
        return top

    def _headline(self, name: str, subject: str) -> str:
        cf = self.trace.cf(name, subject)
        mark = _MARKS[certainty.outcome(cf)]
        who = "" if subject == HOUSEHOLD else f" · {escape(self.speaker.who(subject))}"
        told = self.trace.told(name, subject)
        as_told = (
            f", {say('say', 'as_told', self.lang)} {told:+.2f}"
            if certainty.rounded(told) != certainty.rounded(cf)
            else ""
        )
        return f"{mark} [bold]{escape(self.speaker.label(name))}[/]{who}  [dim]CF {cf:+.2f}{as_told}[/]"

    def _prove(self, branch: Tree, name: str, subject: str) -> None:
        self.proved.add((name, subject))
        found = reasons(self.trace, name, subject)
        if not found:
            branch.add(f"[dim]{say('say', 'rule_missing', self.lang)}[/]")
        for reason in found:
            self._add_reason(branch, reason, subject)

    def _add_reason(self, branch: Tree, reason: Reason, subject: str) -> None:
        rule = reason.rule
        source = self.diagnosis.knowledge.sources.get(rule.source.text.split(" ")[0]) if rule.source else None
        article = rule.source.text.partition(" ")[2] if rule.source else ""
        cited = f"{source.title}{', ' + article if article else ''}" if source else "-"
        head = f"[cyan]{escape(rule.id)}[/] {escape(self.speaker.sentence(reason))}  [dim]{reason.contribution:+.2f}[/]"
        node = branch.add(f"{head}\n[dim]{say('say', 'source', self.lang)}: {escape(cited)}[/]")
        blocks: dict[str, Tree] = {}
        stopping = {id(line) for line in reason.stoppers}
        for line in reason.conditions:
            if line.block not in blocks:
                blocks[line.block] = node.add(f"[dim]{escape(self._block(line.block))}[/]")
            self._add_line(blocks[line.block], line, id(line) in stopping, subject)

    def _block(self, label: str) -> str:
        if label.startswith("when at least"):
            return say("block", "when at least", self.lang, n=label.split()[3])
        return say("block", label, self.lang)

    def _add_line(self, branch: Tree, line: ConditionResult, stops: bool, subject: str) -> None:
        mark = _MARKS[certainty.outcome(line.cf)]
        said = escape(self.speaker.claim(line))
        facts = self.diagnosis.knowledge.facts
        if line.name in facts and line.quantifier is None:
            value = self.speaker.value(line.name, line.value)
            said += f"  [dim]{escape(say('say', 'now', self.lang, value=value))}{self._evidence(line)}[/]"
        if line.distance:
            side = "over" if line.test in ("at most", "below") else "under"
            distance = self.speaker.distance(line)
            said += f"  [red]{escape(say('say', side, self.lang, distance=distance))}[/]"
        style = "bold" if stops else ""
        node = branch.add(f"{mark} {f'[{style}]{said}[/]' if style else said}  [dim]{line.cf:+.2f}[/]")
        self._add_below(node, line, subject)

    def _add_below(self, node: Tree, line: ConditionResult, subject: str) -> None:
        conclusions = self.diagnosis.knowledge.conclusions
        is_idea = line.name in conclusions and line.test in ("yes", "no")
        if line.quantifier:
            for member in line.members:
                told = f"{_MARKS[certainty.outcome(member.cf)]} {escape(self.speaker.who(member.subject))}"
                if not is_idea:
                    told += f"  [dim]{escape(self.speaker.value(line.name, member.value))}[/]"
                leaf = node.add(f"{told}  [dim]{member.cf:+.2f}[/]")
                if is_idea and certainty.outcome(member.cf) != "no":
                    self._prove_once(leaf, line.name, member.subject)
        elif is_idea:
            holder = HOUSEHOLD if conclusions[line.name].about == HOUSEHOLD else subject
            self._prove_once(node, line.name, holder)

    def _prove_once(self, node: Tree, name: str, subject: str) -> None:
        if (name, subject) not in self.proved:
            self._prove(node, name, subject)

    def _evidence(self, line: ConditionResult) -> str:
        known = self.diagnosis.knowledge.evidence.get(line.evidence or "")
        return (
            f", {escape(known.label.in_(self.lang))} {line.certainty:.2f}" if known and line.value is not None else ""
        )
