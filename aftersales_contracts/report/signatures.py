"""Where the parties sign: one block a signer, in their order, two beside each other."""

from __future__ import annotations

from .agreement import CAPTION, GUTTER, NAME, TEXT, height_of
from .agreement_values import Agreement, SignatureBlock
from .frame import BODY, Frame
from .logo import read_logo
from .page import Rule
from .text import INK, Line, wrap

SPACE = 46.0  # to sign in
PICTURE_WIDTH = 170.0


def draw_signatures(frame: Frame, values: Agreement) -> None:
    """The section of signatures, its heading kept with the first two blocks; nothing where nobody signs."""
    if not values.signatures:
        return
    width = (frame.width - GUTTER) / 2
    pairs = [values.signatures[first:first + 2] for first in range(0, len(values.signatures), 2)]
    layout = [[_lines(frame, values, number, block, width)
               for number, block in enumerate(pair, 2 * row + 1)] for row, pair in enumerate(pairs)]
    heights = [max(height_of(head) + SPACE + height_of(foot) + 22 for head, foot in pair) for pair in layout]
    frame.heading(values.label("Signatures"), keep_with=heights[0] + 2 * BODY.height)
    frame.paragraph(values.label("The parties sign in this order:"), BODY)
    frame.y += 6
    for pair, blocks, height in zip(pairs, layout, heights, strict=True):
        top = frame.take(height)
        for column, (block, (head, foot)) in enumerate(zip(pair, blocks, strict=True)):
            _draw_block(frame, block, frame.left + column * (width + GUTTER), top, width, head, foot)


def _lines(frame: Frame, values: Agreement, number: int, block: SignatureBlock, width: float):
    """(lines above, lines below) the place for the signature."""
    fonts = frame.fonts
    head = wrap(f"{number}.  {block.party}", NAME, width, fonts)
    foot: list[Line] = []
    for caption, text in (
        (values.label("Name"), block.name),
        (values.label("Function"), block.function),
        (values.label("Place and date"), block.signed),
    ):
        foot += wrap(f"{caption}: {text or '________________________'}", TEXT if text else CAPTION, width, fonts)
    return head, foot


def _draw_block(frame: Frame, block: SignatureBlock, x: float, top: float, width: float, head, foot) -> None:
    y = frame.lines(x, top, head)
    picture = read_logo(block.picture) if block.picture else None
    if picture:
        wide, high = picture.size_in(min(PICTURE_WIDTH, width), SPACE - 4)
        frame.logo(picture, x, y + SPACE - 2 - high, wide, high)
    frame.page.shapes.append(Rule(x, y + SPACE, x + width, y + SPACE, INK, 0.6))
    frame.lines(x, y + SPACE + 4, foot)
