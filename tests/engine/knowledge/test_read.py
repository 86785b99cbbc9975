"""Files become words that know their place; nothing of their meaning is decided here."""

import json

import pytest

from engine.knowledge.read import (
    DEPTH_LIMIT,
    Listing,
    Table,
    Word,
    edition_of,
    from_plain,
    knowledge_files,
    read_file,
    read_text,
)


def plain(node):
    """Give a node as plain data, every word as its text, pairs as lists."""
    if isinstance(node, Word):
        return node.text
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return [[key.text, plain(value)] for key, value in node.pairs]


def codes(document):
    return [problem.code for problem in document.problems]


def places(document):
    return [(one.code, one.place.line, one.place.column, one.place.width) for one in document.problems]


@pytest.mark.parametrize(
    "written", ["no", "on", "1.10", "0012", "3506010101580001", "1_500_000", "2026-01-01", "1e3", "0x1F", "12:30:00"]
)
def test_every_scalar_stays_as_it_was_written(written):
    """What other readers of YAML turn into truths, floats and dates stays text here."""
    assert plain(read_text(f"a: {written}", "x").node) == [["a", written]]


def test_a_word_knows_its_file_line_column_and_width():
    """Lines and columns count from 1, quotes belong to the word's width."""
    node = read_text('a:\n  - "dua kata"\n', "x.yaml").node
    (word,) = node.get("a").items

    assert (word.text, word.plain) == ("dua kata", False)
    assert word.place[:4] == ("x.yaml", 2, 5, 10)


def test_a_part_of_a_word_has_a_place_of_its_own_unless_the_file_spells_it_otherwise():
    """Behind a quote the column shifts by one; in a folded text only the whole word can be shown."""
    quoted = read_text('a: "at least 5"', "x").node.get("a")
    escaped = read_text('a: "at\\tleast 5"', "x").node.get("a")

    assert quoted.part(9, 1)[1:4] == (1, 14, 1)
    assert escaped.part(9, 1) == escaped.place


def test_both_of_two_equal_keys_stay_visible():
    """Whoever reads the shape can refuse the second."""
    assert plain(read_text("a: 1\na: 2", "x").node) == [["a", "1"], ["a", "2"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: &x 1\nb: *x", [("alias", 1, 4, 2), ("alias", 2, 4, 2)]),
        ("a: {b: 1}\nc: {<<: {b: 1}}", [("alias", 2, 5, 2)]),
        ("a: !!int 1", [("tag", 1, 4, 5)]),
        ("a: !thing {}", [("tag", 1, 4, 6)]),
        ("a: 1\n---\nb: 2", [("second-document", 2, 1, 3)]),
        ("a: b: c", [("unreadable-yaml", 1, 5, 1)]),
        ("a: [1, 2\n\n\n", [("unreadable-yaml", 1, 9, 1)]),
        ("a: 'x", [("unreadable-yaml", 1, 6, 1)]),
        ("a:\n\tb: 1", [("unreadable-yaml", 2, 1, 1)]),
        ("a: \x07", [("not-text", 1, 4, 1)]),
        ("", [("empty-file", 1, 1, 1)]),
        ("# only a remark\n", [("empty-file", 1, 1, 1)]),
    ],
)
def test_what_is_not_allowed_is_told_at_its_place(text, found):
    """Anchors, aliases, merge keys, tags, a second document, broken YAML, control characters, emptiness."""
    assert places(read_text(text, "x")) == found


@pytest.mark.parametrize("text", ["'*x'", '"&x"', "'<<': 1", '"!x"', "a: 'b: c'", "a - --- b", "a: x---"])
def test_the_same_signs_within_quotes_or_words_are_text(text):
    """Only what YAML itself would act on is refused."""
    assert codes(read_text(text, "x")) == []


def test_what_an_alias_or_merge_key_stands_for_is_read_on():
    """So the other mistakes of the file are found in the same run."""
    node = read_text("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\ne: *x\nf: *nothing", "x").node

    assert plain(node.get("d")) == [["c", "3"], ["b", "1"]]
    assert plain(node.get("e")) == [["b", "1"], ["c", "2"]]
    assert plain(node.get("f")) == ""


def test_aliases_within_each_other_do_not_grow_without_end():
    """Nine lines that stand for a billion words, and a list that holds itself, are read in their own size."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    laughs = read_text("\n".join(lines), "x")

    def size(node):
        if isinstance(node, Word):
            return 1
        inner = node.items if isinstance(node, Listing) else [value for _, value in node.pairs]
        return 1 + sum(map(size, inner))

    assert set(codes(laughs)) == {"alias"}
    assert size(laughs.node) < 50_000
    assert plain(read_text("&a [*a]", "x").node) == [""]


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "? "])
def test_a_nest_deeper_than_anybody_needs_is_refused(bracket):
    """A hundred thousand levels are told like forty-one."""
    assert codes(read_text(bracket * 100_000, "x"))[-1] in ("too-deep", "unreadable-yaml")
    assert codes(read_text("[" * (DEPTH_LIMIT + 1) + "]" * (DEPTH_LIMIT + 1), "x")) == ["too-deep"]
    assert codes(read_text("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT, "x")) == []


def test_a_file_is_read_with_any_line_ends_and_mark_of_order(tmp_path):
    """Windows writes both; places and text come out the same."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: [2]\r\n")
    document = read_file(path, "a.yaml")

    assert document.text == "a: 1\nb: [2]\n"
    assert plain(document.node) == [["a", "1"], ["b", ["2"]]]
    assert document.node.get("b").place.line == 2


@pytest.mark.parametrize(
    ("raw", "code"), [(b"a: \xff\xfe", "not-text"), (b"a: " + b"x" * 100, "file-too-large"), (b"", "empty-file")]
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, raw, code):
    """Bytes that are no text, too many bytes, no bytes."""
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)

    assert codes(read_file(path, limit=50)) == [code]


def test_a_missing_file_and_a_folder_are_told_not_raised(tmp_path):
    """Trouble with the file itself is a problem of the document too."""
    assert codes(read_file(tmp_path / "nothing.yaml")) == ["no-such-file"]
    assert codes(read_file(tmp_path)) == ["no-such-file"]


def test_json_is_read_with_its_escapes_and_tabs(tmp_path):
    """JSON allows what YAML 1.1 does not: escaped slashes, pairs of surrogates, tabs between words."""
    told = {"a": "x/y \\ 😀", "b": ["no", "\t"]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(told, indent="\t").replace("/", "\\/"), encoding="utf-8")
    document = read_file(path)

    assert document.problems == ()
    assert plain(document.node) == [["a", "x/y \\ 😀"], ["b", ["no", "\t"]]]


def test_knowledge_files_are_those_of_the_three_rooms_in_order(tmp_path):
    """Hidden folders, other endings and other rooms are left alone."""
    for name in ("facts_schema.yaml", "rules/b/x.yml", "rules/a.yaml", "knowledge_base/z.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    for name in ("rules/.git/x.yaml", "rules/notes.txt", "samples/x.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in knowledge_files(tmp_path)]

    assert found == ["facts_schema.yaml", "knowledge_base/z.yaml", "rules/a.yaml", "rules/b/x.yml"]


def test_an_edition_is_named_by_paths_and_texts():
    """Another text, another path, or a word moved from one file to the next is another edition."""
    one = [read_text("a: 1", "x"), read_text("b: 2", "y")]
    other_text = [read_text("a: 1 ", "x"), one[1]]
    other_path = [read_text("a: 1", "z"), one[1]]
    moved = [read_text("a: 1b", "x"), read_text(": 2", "y")]

    assert edition_of(one) == edition_of(list(one))
    assert len({edition_of(each) for each in (one, other_text, other_path, moved)}) == 4


def test_plain_data_becomes_words_with_paths():
    """What came without a file is shown by its path; truths and null are written as an officer would."""
    node = from_plain({"members": [{"age": 60, "sick": True, "job": None, "name": "yes"}]})
    (member,) = node.get("members").items

    assert plain(member) == [["age", "60"], ["sick", "yes"], ["job", ""], ["name", "yes"]]
    assert member.get("age").place.path == "members.0.age"
    assert [member.get(key).plain for key in ("age", "sick", "job", "name")] == [True, True, True, False]
    assert member.get("job").is_null
    assert isinstance(node, Table)
