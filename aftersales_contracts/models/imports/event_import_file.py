"""A log as it is delivered: bytes, plain or gzip, in some encoding, with some delimiter; read as a stream of rows.

Nothing here knows Odoo, and nothing holds the file: memory stays flat whatever its size. What cannot be a table of
text raises `UnreadableFile`; a single record that cannot be read is yielded with the rule that it breaks.
"""

import codecs
import contextlib
import csv
import gzip
import io
import zlib

SAMPLE = 1 << 20  # bytes looked at to tell the encoding
LONGEST_RECORD = 1 << 17  # characters; what is longer is no record of a log
SECOND_LOOKS = 100  # at the lines that a quotation mark never closed has swallowed
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
GZIP = b"\x1f\x8b"
OTHER_KINDS = {b"PK\x03\x04": "spreadsheet", b"\xd0\xcf\x11\xe0": "spreadsheet", b"%PDF": "binary"}


class UnreadableFile(Exception):
    """The file is no table of text. ``rule`` names what is wrong, ``value`` what was found."""

    def __init__(self, rule, value=""):
        super().__init__(rule, value)
        self.rule, self.value = rule, value


class LogFile:
    """The records of a log. ``binary``: a seekable binary file, at its start.

    ``encoding``, ``delimiter`` ("comma", "semicolon", "tab", "pipe"): None to detect. ``header``: names of the columns.
    Raises `UnreadableFile` with rule "empty", "binary", "spreadsheet", "gzip", "encoding" or "header".
    """

    def __init__(self, binary, encoding=None, delimiter=None):
        binary = _unpacked(binary)
        try:
            sample = binary.read(SAMPLE)
            binary.seek(0)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile("gzip", str(error)) from error
        self.encoding = encoding or detect_encoding(sample)
        text = io.TextIOWrapper(_NotClosing(binary), self.encoding, errors="surrogateescape", newline="")
        try:
            first = text.readline(LONGEST_RECORD)
        except UnicodeError as error:
            raise UnreadableFile("encoding", self.encoding) from error
        self.delimiter = delimiter or detect_delimiter(first)
        self._lines = _Lines(text, first)
        self._reader = csv.reader(self._lines, delimiter=DELIMITERS[self.delimiter])
        _line, row, _fault = next(self.records(), (1, None, "header"))
        self.header = [name.strip() for name in row or ()]
        if not any(self.header) or not first.strip():
            raise UnreadableFile("header", first[:80])

    def records(self, skip=0):
        """Yield (line number, row, None), or (line number, None, rule) for a record that cannot be read.

        Lines count from 1, the header included; an empty line is no record. ``skip`` records are passed over.
        """
        lines, reader, done = self._lines, self._reader, 0
        while True:
            line, row = lines.begin(), None
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                lines.fault = lines.fault or "record"
                lines.look_again()
            except (OSError, EOFError, zlib.error) as error:
                raise UnreadableFile("gzip", f"{error} ({line})") from error
            except UnicodeError as error:
                raise UnreadableFile("encoding", self.encoding) from error
            if row or lines.fault:
                done += 1
                if done > skip:
                    yield line, None if lines.fault else row, lines.fault


class _Lines:
    """The lines of a text, for a reader that puts records together; no record takes more than LONGEST_RECORD."""

    def __init__(self, text, first):
        self.text, self.waiting = text, [first] if first else []
        self.number, self.fault, self.looks = 0, None, 0
        self.taken, self.size = [], 0

    def __iter__(self):
        return self

    def begin(self):
        """A new record begins; returns the number of its first line."""
        self.fault = None
        if self.taken:
            self.taken, self.size = [], 0
        return self.number + 1

    def __next__(self):
        line = self.waiting.pop() if self.waiting else self.text.readline(LONGEST_RECORD)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self.size += len(line)
        if self.size >= LONGEST_RECORD:
            self.fault = "record"
            while line and line[-1] not in "\r\n":
                line = self.text.readline(LONGEST_RECORD)
            raise csv.Error(self.fault)
        if "\0" in line:
            self.fault = "null"
        elif not line.isascii() and _is_undecoded(line):
            self.fault = "encoding"
        return line

    def look_again(self):
        """Give back the lines after the first one of a record that did not end: they may be records of their own."""
        if len(self.taken) > 1 and self.looks < SECOND_LOOKS:
            self.looks += 1
            self.waiting += reversed(self.taken[1:])
            self.number -= len(self.taken) - 1


class _NotClosing(io.BufferedIOBase):
    """The binary file belongs to the caller: the text wrapper must not close it when it is collected."""

    def __init__(self, binary):
        self._binary = binary

    def readable(self):
        return True

    def read(self, size=-1):  # pylint: disable=method-required-super
        return self._binary.read(size)

    read1 = read


def _unpacked(binary):
    """The file itself, or what is in it where it is a gzip file."""
    head = binary.read(4)
    binary.seek(0)
    if not head:
        raise UnreadableFile("empty")
    for magic, rule in OTHER_KINDS.items():
        if head.startswith(magic):
            raise UnreadableFile(rule)
    return gzip.GzipFile(fileobj=binary) if head.startswith(GZIP) else binary


def _is_undecoded(line):
    try:
        line.encode()
    except UnicodeEncodeError:
        return True
    return False


def detect_encoding(sample):
    """The encoding of a sample of bytes: by its mark, else UTF-8 where it is valid, else Windows Western.

    >>> detect_encoding("Zürich".encode()), detect_encoding("Zürich".encode("cp1252"))
    ('utf-8', 'cp1252')
    """
    for mark, name in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return name
    if not sample.strip():
        raise UnreadableFile("empty")
    if b"\0" in sample[:4096]:
        raise UnreadableFile("binary")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # the sample may end within a character
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def detect_delimiter(line):
    """The delimiter that splits the header into the most columns.

    >>> detect_delimiter("request;at;state"), detect_delimiter("only one column")
    ('semicolon', 'comma')
    """
    counts = {name: line.count(character) for name, character in DELIMITERS.items()}
    best = max(counts, key=counts.get)
    return best if counts[best] else "comma"


def count_lines(binary):
    """Lines of a file, unpacked; for the progress bar. The file is at its start again afterwards."""
    lines = 0
    with contextlib.suppress(OSError, EOFError, zlib.error, UnreadableFile):  # reading it for good will say so
        unpacked = _unpacked(binary)
        while block := unpacked.read(SAMPLE):
            lines += block.count(b"\n")
    binary.seek(0)
    return lines
