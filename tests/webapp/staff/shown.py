"""What a page of the register shows and what the register then holds."""

import re

from sqlalchemy import select

from casework.people.models import Person


def version_on(client, path):
    """Give the version that the form of a page carries."""
    return re.search(r'name="version" value="(\d+)"', client.get(path).text)[1]


def people(database):
    """Give the names of everybody in the register."""
    with database.reading() as work:
        return sorted(work.session.scalars(select(Person.name)))
