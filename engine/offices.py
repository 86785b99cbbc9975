"""Which office somebody is sent to: that of the region where they live, if one is known here."""

from engine.knowledge.model import ContactPoint, Knowledge


def office_of(residence: str | None, knowledge: Knowledge) -> ContactPoint | None:
    """Give the office that serves a place; None where no office is known for it, or the place is not.

    Args:
        residence: The code of a region, a sub-district or a village.
        knowledge: A checked edition: no two offices serve one region.
    """
    serving = {office.region.text: office for office in knowledge.offices.values()}
    parts = residence.split(".") if residence else []
    codes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((serving[code] for code in codes if code in serving), None)


def own_office(knowledge: Knowledge) -> ContactPoint | None:
    """Give the office that this edition speaks for: the first of the file."""
    return next(iter(knowledge.offices.values()), None)
