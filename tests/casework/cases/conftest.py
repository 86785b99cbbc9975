"""Who decides and writes letters, and what was put on paper."""

import pytest

from casework import typeset
from tests.casework import stage
from tests.casework.decided import PROGRAM


@pytest.fixture
def sheets(monkeypatch):
    """Give what was put into PDFs, sheet by sheet, as the templates got it."""
    found, pdf = [], typeset.pdf

    def noted(template, data):
        found.append(data)
        return pdf(template, data)

    monkeypatch.setattr(typeset, "pdf", noted)
    return found


@pytest.fixture
def ani(sqlite):
    """Give an officer of a Bidang."""
    with sqlite.work() as work:
        return stage.actor(work, "bidang_staff", programs=frozenset({PROGRAM}), name="Ani Petugas")


@pytest.fixture
def bambang(sqlite):
    """Give the head of the office."""
    with sqlite.work() as work:
        return stage.actor(work, "head", name="Bambang Kepala")
