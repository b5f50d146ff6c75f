"""The certificate that is added to a signed document: which file it was, who signed it, when and from where."""

from __future__ import annotations

from .agreement import CAPTION, NAME, TEXT, height_of
from .agreement_values import CertificateValues, SignerProof
from .fonts import FontSet, load_fonts
from .frame import BODY, Frame, FrameText
from .logo import read_logo
from .page import Rule
from .text import DOT, GREY, Line, Style, wrap

TITLE = Style(17, bold=True, leading=1.25)
SUBTITLE = Style(10, colour=GREY)
PICTURE_WIDTH, PICTURE_HEIGHT = 130.0, 52.0


def render_certificate(certificate: CertificateValues, *, fonts: FontSet | None = None) -> bytes:
    """The certificate alone as a PDF of one page or more."""
    return lay_out(certificate, fonts or load_fonts()).finish()


def lay_out(certificate: CertificateValues, fonts: FontSet) -> Frame:
    """The certificate's pages before they are painted."""
    frame = Frame(certificate.paper, certificate.company.colour, _frame_text(certificate), fonts)
    label = certificate.label
    frame.page.bookmarks.append((label("Signature certificate"), 0))
    frame.y = frame.lines(
        frame.left, frame.y, wrap(label("Signature certificate"), TITLE, frame.width, fonts))
    about = DOT.join(filter(None, (certificate.kind, certificate.number, certificate.title)))
    frame.y = frame.lines(frame.left, frame.y + 1, wrap(about, SUBTITLE, frame.width, fonts)) + 8
    frame.paragraph(label("The pages before this one are the document that was sent, unchanged. Everybody named here "
                          "signed the file with this fingerprint:"), BODY)
    frame.y += 6
    _draw_facts(frame, [
        (label("File"), certificate.file),
        (label("Pages"), str(certificate.pages)),
        (label("SHA-256 of the file"), certificate.digest),
        (label("Fingerprint of the text"), certificate.fingerprint),
        (label("Sent"), DOT.join(filter(None, (certificate.sent, certificate.sender)))),
        (label("Completed"), certificate.completed),
        *((label("Note"), flag) for flag in certificate.flags),
    ])
    frame.heading(label("Signatures"), keep_with=90)
    for number, signer in enumerate(certificate.signers, 1):
        _draw_signer(frame, certificate, number, signer)
    return frame


def _frame_text(certificate: CertificateValues) -> FrameText:
    label = certificate.label
    name = DOT.join(filter(None, (label("Signature certificate"), certificate.kind, certificate.number)))
    return FrameText(
        title=name.replace(DOT, " "),
        author=certificate.company.name,
        subject=certificate.title,
        language=certificate.language.replace("_", "-"),
        running=name,
        footer=name,
        digest=f"SHA-256 {certificate.digest}",
        page_label=lambda page, pages: certificate.phrase("Certificate, page %(page)s of %(pages)s", page=page,
                                                          pages=pages),
    )


def _draw_facts(frame: Frame, facts: list[tuple[str, str]], x: float = 0.0, width: float = 0.0) -> None:
    """Captions and texts in two columns; "" is left out."""
    fonts, width = frame.fonts, width or frame.width
    indent = width * 0.27
    for caption, text in facts:
        lines = wrap(text, TEXT, width - indent, fonts)
        left = wrap(caption, CAPTION, indent - 8, fonts)
        if lines:
            top = frame.take(max(height_of(lines), height_of(left)) + 0.8)
            frame.lines(frame.left + x, top + 0.8, left)
            frame.lines(frame.left + x + indent, top, lines)


def _draw_signer(frame: Frame, certificate: CertificateValues, number: int, signer: SignerProof) -> None:
    """Name and drawn signature, then what is known of it, kept on one page."""
    fonts, label = frame.fonts, certificate.label
    head = wrap(f"{number}.  {signer.name}", NAME, frame.width - PICTURE_WIDTH - 12, fonts)
    person = signer.person if signer.person != signer.name else ""
    facts = [
        (label("Person invited"), DOT.join(filter(None, (person, signer.email)))),
        (label("Signs for"), signer.party),
        (label("Function"), signer.function),
        (label("Signed"), signer.signed),
        (label("IP address"), signer.address),
        (label("Browser"), signer.agent),
        (label("SHA-256 signed"), signer.digest),
    ]
    room = frame.width - PICTURE_WIDTH - 12
    used = sum(height_of(wrap(text, TEXT, room * 0.73, fonts)) + 0.8 for _caption, text in facts)
    height = max(height_of(head) + 3 + used, PICTURE_HEIGHT) + 14
    if height > frame.room:
        frame.new_page()
    top = frame.y
    picture = read_logo(signer.picture) if signer.picture else None
    if picture:
        wide, high = picture.size_in(PICTURE_WIDTH, PICTURE_HEIGHT)
        frame.logo(picture, frame.right - wide, top + 2, wide, high)
    frame.y = frame.lines(frame.left, top, [Line(*line) for line in head]) + 3
    _draw_facts(frame, facts, width=room)
    frame.y = max(frame.y, top + PICTURE_HEIGHT) + 6
    frame.page.shapes.append(Rule(frame.left, frame.y, frame.right, frame.y))
    frame.y += 8
