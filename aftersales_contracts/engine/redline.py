"""Word by word, what changed from one text to the next.

A word is a run of letters and digits, a single Chinese or Japanese character, or a punctuation mark. The words
kept and deleted are the old text, those kept and inserted the new one. Sentences are matched first, so that a
long contract costs little where most of it stands.

>>> redline("within 30 days", "within 14 working days")
(Change(op='keep', words=('within',)), Change(op='delete', words=('30',)), \
Change(op='insert', words=('14', 'working')), Change(op='keep', words=('days',)))
>>> joined(words_of("甲方應於30日內付款, in full."))
'甲方應於30日內付款, in full.'
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import chain
from typing import NamedTuple

KEEP, DELETE, INSERT = "keep", "delete", "insert"

# Kana, unified ideographs with their extensions, compatibility ideographs, CJK punctuation: for a regex class.
CJK = "\u3001-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{CJK}]|(?:(?![{CJK}])\w)+|[^\w\s]")
_ENDS = frozenset(".;:!?。")
_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%'。、")
_NO_SPACE_AFTER = frozenset("([{'")
_ONE_CJK = re.compile(rf"[{CJK}]")
# Above so many pairs of words a block is compared with difflib's shortcut for frequent words.
_MANY_PAIRS = 4_000_000


class Change(NamedTuple):
    """``op``: keep, delete or insert; ``words``: a tuple of str, never empty."""

    op: str
    words: tuple


def words_of(text):
    """The words of ``text``, a tuple."""
    return tuple(_WORD.findall(text))


def redline(old, new):
    """The `Change`s from ``old`` to ``new``, both texts; a deletion stands before the insertion in its place."""
    before, after = _sentences(words_of(old)), _sentences(words_of(new))
    found = []
    for op, first, last, start, end in SequenceMatcher(None, before, after, False).get_opcodes():
        deleted, inserted = (tuple(chain.from_iterable(part)) for part in (before[first:last], after[start:end]))
        if op == "equal":
            _add(found, KEEP, deleted)
        else:
            _compare(found, deleted, inserted)
    return tuple(found)


def _compare(found, before, after):
    shortcut = len(before) * len(after) > _MANY_PAIRS
    for op, first, last, start, end in SequenceMatcher(None, before, after, shortcut).get_opcodes():
        if op == "equal":
            _add(found, KEEP, before[first:last])
        else:
            _add(found, DELETE, before[first:last])
            _add(found, INSERT, after[start:end])


def _add(found, op, words):
    if not words:
        return
    if found and found[-1].op == op:
        words = found.pop().words + words
    found.append(Change(op, words))


def _sentences(words):
    sentences, start = [], 0
    for position, word in enumerate(words, 1):
        if word in _ENDS:
            sentences.append(words[start:position])
            start = position
    return [*sentences, words[start:]] if start < len(words) else sentences


def similarity(old, new):
    """How much two texts share, 0 to 1: words in common, whatever their order; cheap and deterministic."""
    before, after = Counter(words_of(old)), Counter(words_of(new))
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0


def joined(words):
    """``words`` as a line of text for display: spaces between words, none inside Chinese or before a comma."""
    line = ""
    for word in words:
        if line and not _tight(line[-1], word):
            line += " "
        line += word
    return line


def _tight(last, word):
    cjk = _ONE_CJK.match(last) or _ONE_CJK.match(word)
    return bool(cjk) or word in _NO_SPACE_BEFORE or last in _NO_SPACE_AFTER
