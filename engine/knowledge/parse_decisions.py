"""Read decisions: questions that the office still has to answer, and what waits for each answer."""

from typing import TYPE_CHECKING

from engine.knowledge.model import Decision
from engine.knowledge.read import Listing, Node
from engine.knowledge.shapes import Notes

if TYPE_CHECKING:
    from engine.knowledge.parse import Shelves


def read_decisions(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `decisions:`, each with its question and the names it concerns."""
    for name, body in notes.named(node, "decisions"):
        found = notes.table(body, name.text, ("question", "concerns"), ("was",), name.place)
        question = notes.text(found.get("question"), "question")
        concerns = notes.words(found.get("concerns"), "concerns")
        if isinstance(found.get("concerns"), Listing) and not found["concerns"].items:
            notes.add("empty-block", found["concerns"].place, key="concerns")
        was = notes.plain(found.get("was"), "was")
        if question:
            shelves.put("decisions", name.text, Decision(name.text, question, concerns, name.place, was), name.place)
