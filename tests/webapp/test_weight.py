"""What a page weighs on a slow line: files as they travel, compressed."""

import gzip
import re

import pytest

FIRST, NEXT = 60_000, 15_000


def weight(body):
    return len(gzip.compress(body))


def fetched(client, path):
    with client.get(path) as file:
        return file.data


@pytest.mark.parametrize("path", ["/", "/mulai"])
def test_a_first_visit_is_light_with_all_its_files(client, path):
    """The page, its style, its scripts and its icon together."""
    page = client.get(path)
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)

    assert len(files) == 4
    assert weight(page.data) + sum(weight(fetched(client, one)) for one in files) < FIRST


def test_each_next_page_of_a_large_family_is_light(journey):
    """From the first question to the checklist, with the answers that travel along."""
    pages = journey("keluarga-h01").pages
    heavy = {number: weight(page.encode()) for number, page in enumerate(pages)}

    assert len(pages) > 30
    assert {number: bytes_ for number, bytes_ in heavy.items() if bytes_ >= NEXT} == {}
