"""A comparison of two editions as plain data, in words of one language: what `--json` prints, and terminal and page show.

The object, stable:

    old, new          {folder, edition}
    lang, same, only_texts
    households        how many both editions read
    changed_households, changed_answers
    edits             [{shelf, what, name, label, how, file, line, lines: [{key, before, after}], effective}]
    reworded          [file]: all that differ, texts and comments included
    kinds             [{service, label, before, after, before_label, after_label, aspects, answers, households, yearly,
                        looked_at, found, examples}], weightiest first; `before` and `after` are statuses, `absent` where the
                      edition has no such service; `yearly` is the difference of the yearly budget in rupiah
      found           [{aspect, seen, households, causes}]: each cause alone is enough
        causes        [{edits: [{shelf, name}], together, turns}]: the edits, all needed, and where the proofs then part
          turns       [{under, rule, title, subject, before, after, condition_before, condition_after, sentence}];
                      `before` and `after` are what the rule contributes (a CF), null where it does not count
    totals            [{service, label, before, after: {yes, unknown, no}, changed, yearly_before, yearly_after, unknown_amounts,
                        confirmed}]: the budget if all who qualify are proposed
    groups            [{by, label, rows: [{value, label, households, changed, gained, lost, yearly_before, yearly_after}]}]
    first             [{household, lost_duties, lost, gained, changed, yearly, sentence}]: whom to look at first
    refused_by_new, refused_by_old, refused_by_both      [{household, problems}] as `tepat check --json` has problems
    changes           [{household, subject, service, aspects, before, after, yearly}], where `before` and `after` are
                      {outcome, status, cf, cf_as_told, amount, documents: [{document, needed}], advice}, or null
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine import words
from engine.change.compare import ABSENT, Comparison, Found, Kind
from engine.change.edits import Edit
from engine.change.flips import Cause, Turn
from engine.change.sorting import By
from engine.explain import ConditionResult
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.knowledge.problems import Problem
from engine.present import plain
from engine.words import Speaker, joined


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = Path(__file__).with_name("compare.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CBaseLoader)


def say(group: str, key: str, lang: str, **details: Any) -> str:
    """Give a word or sentence of `compare.yaml`, filled in."""
    text = _words()[group][key][lang]
    return text.format(**details) if details else text


def data_of(found: Comparison, folders: tuple[str, str], by: Iterable[By], lang: str) -> dict[str, Any]:
    """Give a comparison as plain data.

    Args:
        found: The comparison.
        folders: What the old and the new edition are called.
        by: What the households were sorted by.
        lang: `id` or `en`.
    """
    tell = _Teller(found, lang)
    changes = tell.changes()
    old, new = ({"folder": name, "edition": k.edition} for name, k in zip(folders, (found.old, found.new), strict=True))
    return {
        "old": old,
        "new": new,
        "lang": lang,
        "same": found.same,
        "only_texts": not found.edits and found.old.edition != found.new.edition,
        "households": found.households,
        "changed_households": found.changes["household_id"].n_unique(),
        "changed_answers": found.changes.height,
        "edits": [tell.edit(one) for one in found.edits],
        "reworded": list(found.reworded),
        "kinds": [tell.kind(one) for one in found.kinds],
        "totals": [{**one._asdict(), "label": tell.label(one.service)} for one in found.totals],
        "groups": [tell.group(one, found.groups[one.name]) for one in by],
        "first": [tell.first(one) for one in found.first],
        **{
            side: _refused(getattr(found, side), lang)
            for side in ("refused_by_new", "refused_by_old", "refused_by_both")
        },
        "changes": changes,
    }


def status(name: str, lang: str) -> str:
    """Name a status in a few words."""
    return say("status", name, lang) if name == ABSENT else words.say("status_short", name, lang)


def _refused(refused: Mapping[str, Iterable[Problem]], lang: str) -> list[dict[str, Any]]:
    return [
        {"household": name, "problems": [one.as_json(lang) for one in problems]} for name, problems in refused.items()
    ]


class _Teller:
    """Tells the parts of one comparison; names of the new edition win over those of the old."""

    def __init__(self, found: Comparison, lang: str) -> None:
        self.found, self.lang = found, lang
        self.speakers = {"old": Speaker(found.old, lang), "new": Speaker(found.new, lang)}
        self.effective = {
            key for kind in found.kinds for one in kind.found for cause in one.causes for key in cause.edits
        }

    def label(self, name: str) -> str:
        label = self.speakers["new"].label(name)
        return label if label != name else self.speakers["old"].label(name)

    def edit(self, one: Edit) -> dict[str, Any]:
        return {
            "shelf": one.shelf,
            "what": say("shelf", one.shelf, self.lang),
            "name": one.name,
            "label": self._name_of(one),
            "how": one.how,
            "file": one.place.file if one.place else None,
            "line": one.place.line if one.place else None,
            "lines": [line._asdict() for line in one.lines],
            "effective": one.key in self.effective,
        }

    def _name_of(self, one: Edit) -> str | None:
        for knowledge in (self.found.new, self.found.old):
            thing = (
                getattr(knowledge, one.shelf).get(one.name) if one.place and one.shelf != "default_evidence" else None
            )
            text = thing and getattr(thing, "title", getattr(thing, "label", None))
            if text:
                return text if isinstance(text, str) else text.in_(self.lang)
        return None

    def kind(self, one: Kind) -> dict[str, Any]:
        return {
            "service": one.service,
            "label": self.label(one.service),
            "before": one.before,
            "after": one.after,
            "before_label": status(one.before, self.lang),
            "after_label": status(one.after, self.lang),
            "aspects": list(one.aspects),
            "answers": one.answers,
            "households": one.households,
            "yearly": one.yearly,
            "looked_at": len(one.looked_at),
            "found": [self.found_of(part) for part in one.found],
            "examples": list(dict.fromkeys(household for household, _ in one.looked_at)),
        }

    def found_of(self, one: Found) -> dict[str, Any]:
        people = [{"household": household, "subject": subject} for household, subject in one.households]
        causes = [self.cause(cause) for cause in one.causes]
        return {"aspect": one.aspect, "seen": len(people), "households": people, "causes": causes}

    def cause(self, one: Cause) -> dict[str, Any]:
        return {
            "edits": [{"shelf": shelf, "name": name} for shelf, name in one.edits],
            "together": len(one.edits) > 1,
            "turns": [self.turn(turn) for turn in one.turns],
        }

    def turn(self, one: Turn) -> dict[str, Any]:
        sides = [self._rule(k, one.rule) for k in (self.found.new, self.found.old)]
        lines = one.line_before, one.line_after
        return {
            "under": list(one.under),
            "rule": one.rule,
            "title": next((title for title in sides if title), None),
            "subject": one.subject,
            "before": one.before,
            "after": one.after,
            "condition_before": lines[0] and f"{lines[0].name}: {lines[0].phrase}",
            "condition_after": lines[1] and f"{lines[1].name}: {lines[1].phrase}",
            "sentence": self.sentence(one),
        }

    def _rule(self, knowledge: Knowledge, id_: str | None) -> str | None:
        rule = knowledge.rules.get(id_) if id_ else None
        return rule.title.in_(self.lang) if rule else None

    def sentence(self, one: Turn) -> str:
        """Say in a sentence where two proofs part, and what was found there."""
        line, then = one.line_before, one.line_after
        old, new = self.speakers["old"].about(one.subject), self.speakers["new"].about(one.subject)
        if line is None and then is None:
            said = self._of_rule(one)
        elif line is None:
            claim = say("turn", "line_added", self.lang, claim=self._claim(new, then))
            said = say("turn", "found", self.lang, said=claim, finding=new.lower(new.finding(then)))
        elif then is None:
            claim = say("turn", "line_removed", self.lang, claim=self._claim(old, line))
            said = say("turn", "found", self.lang, said=claim, finding=old.lower(old.finding(line)))
        else:
            before, after = self._claim(old, line), self._claim(new, then)
            claim = before if before == after else say("turn", "line_changed", self.lang, before=before, after=after)
            finding, now = old.finding(line), new.finding(then)
            if before == after and finding != now:
                said = say("turn", "found_both", self.lang, said=claim, before=old.lower(finding), after=new.lower(now))
            else:
                said = say("turn", "found", self.lang, said=claim, finding=new.lower(now))
        if one.subject != HOUSEHOLD:
            return say("turn", "of_whom", self.lang, said=said, who=new.who(one.subject))
        return said

    def _claim(self, speaker: Speaker, line: ConditionResult) -> str:
        """Read a condition aloud as its block means it: what stands under `unless` must not be."""
        kind = line.block.split()[0]
        claim = speaker.claim(line)
        return say("turn", kind, self.lang, claim=speaker.lower(claim)) if kind in ("unless", "unneeded") else claim

    def _of_rule(self, one: Turn) -> str:
        before, after = (None if cf is None else f"{cf:+.2f}" for cf in (one.before, one.after))
        if one.rule is None:
            return say("turn", "no_rule", self.lang, before=before or "-", after=after or "-")
        key = "rule_added" if before is None else "rule_removed" if after is None else "rule_weighs"
        return say("turn", key, self.lang, before=before, after=after)

    def group(self, by: By, rows: Iterable[Any]) -> dict[str, Any]:
        return {
            "by": by.name,
            "label": by.name if by.level else self.label(by.fact),
            "rows": [
                {**row._asdict(), "value": _plain(row.value), "label": self._value(by.fact, row.value)} for row in rows
            ],
        }

    def _value(self, fact: str, value: Any) -> str:
        speaker = self.speakers["new" if fact in self.found.new.facts else "old"]
        if isinstance(value, tuple):
            return " – ".join(speaker.value(fact, end) for end in value)
        return speaker.value(fact, value)

    def first(self, one: Any) -> dict[str, Any]:
        parts = []
        for key, names in (
            ("loses_duty", one.lost_duties),
            ("loses", [name for name in one.lost if name not in one.lost_duties]),
            ("gains", one.gained),
        ):
            if names:
                listed = joined((self.label(name) for name in names), self.lang)
                parts.append(say("report", key, self.lang, list=listed))
        sentence = "; ".join(parts) or say("report", "only", self.lang, count=one.changed)
        return {**{key: _plain(value) for key, value in one._asdict().items()}, "sentence": sentence}

    def changes(self) -> list[dict[str, Any]]:
        return [
            {
                "household": row["household_id"],
                "subject": row["subject"],
                "service": row["service"],
                "aspects": row["aspects"].split(),
                "before": _side(row, "old"),
                "after": _side(row, "new"),
                "yearly": row["yearly"],
            }
            for row in self.found.changes.iter_rows(named=True)
        ]


def _side(row: Mapping[str, Any], side: str) -> dict[str, Any] | None:
    if row[f"cf_{side}"] is None:
        return None
    papers = [line.split(" ") for line in row[f"documents_{side}"].split("\n") if line]
    return {
        **{name: row[f"{name}_{side}"] for name in ("outcome", "status", "cf", "cf_as_told", "amount")},
        "documents": [{"document": document, "needed": needed} for document, needed in papers],
        "advice": row[f"advice_{side}"],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else plain(value)
