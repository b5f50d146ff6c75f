"""The non-disclosure agreement on paper, and the agreement on data processing: what is secret, for whom, how long."""

from __future__ import annotations

from .agreement import Sections, draw_parties, draw_title, frame_text, span_text
from .agreement_values import ClauseText, NdaValues
from .clauses import draw_clause, draw_clauses
from .contract_pdf import draw_annexes
from .fonts import FontSet, load_fonts
from .frame import BODY, Frame
from .signatures import draw_signatures
from .text import joined

FORMS = {
    "one_way": "%(discloser)s discloses confidential information; the other party keeps it secret.",
    "mutual": "Each party may disclose confidential information to the other, and each keeps secret what it receives.",
    "multi_party": "Each party may disclose confidential information to the others, and each keeps secret what it "
                   "receives.",
}
RETURN_DUTIES = {
    "return": "At the end the receiving party returns all confidential information.",
    "destroy": "At the end the receiving party destroys all confidential information and confirms it in writing.",
    "both": "At the end the receiving party returns or destroys all confidential information, as the disclosing party "
            "chooses, and confirms it in writing.",
}


def render_nda(nda: NdaValues, *, fonts: FontSet | None = None) -> bytes:
    """The agreement as a PDF. ``fonts``: None takes what ``load_fonts()`` finds on this machine."""
    return lay_out(nda, fonts or load_fonts()).finish()


def lay_out(nda: NdaValues, fonts: FontSet) -> Frame:
    """The agreement's pages before they are painted."""
    frame = Frame(nda.paper, nda.company.colour, frame_text(nda), fonts)
    sections = Sections()
    label = nda.label
    draw_title(frame, nda, [
        (label("Number"), nda.number), (label("Version"), nda.version), (label("Takes effect"), nda.start),
        (label("Ends"), nda.end or label("open-ended")), (label("Governing law"), nda.law),
        (label("Contract"), nda.contract)])
    draw_parties(frame, nda)
    for title, sentences in (
        (label("Confidential information"), _subject(nda)),
        (label("Use"), _use(nda)),
        (label("Term and secrecy after it"), _term(nda)),
        (label("Processing of personal data"), _processing(nda)),
    ):
        if sentences:
            frame.heading(sections.title(title), keep_with=30)
            frame.paragraph(joined(sentences), BODY)
    if nda.text:
        frame.heading(sections.title(label("Text of the agreement")), keep_with=30)
        draw_clause(frame, ClauseText("", "", nda.text))
    draw_clauses(frame, nda, sections)
    draw_annexes(frame, nda, sections)
    draw_signatures(frame, nda)
    return frame


def _subject(nda: NdaValues) -> list[str]:
    found = [nda.phrase(FORMS[nda.form], discloser=nda.discloser or "–")] if nda.form in FORMS else []
    if nda.scopes:
        found.append(nda.phrase("Confidential is: %(scopes)s.", scopes=", ".join(nda.scopes)))
    else:
        found.append(nda.label("Confidential is everything that is marked so, or that a careful person would take for "
                               "it."))
    return found


def _use(nda: NdaValues) -> list[str]:
    found = [nda.phrase("It may be used for this purpose only: %(purposes)s.", purposes=", ".join(nda.purposes))] \
        if nda.purposes else []
    if nda.persons:
        found.append(nda.phrase("Only these persons may have access: %(names)s.", names=", ".join(nda.persons)))
    elif nda.group_wide:
        found.append(nda.label("The affiliates of the parties are bound by it and may have access."))
    else:
        found.append(nda.label("Only staff of the parties who need it for their work may have access."))
    return found


def _term(nda: NdaValues) -> list[str]:
    if nda.end:
        found = [nda.phrase("The agreement runs from %(start)s to %(end)s, both days included.",
                            start=nda.start, end=nda.end)]
    else:
        found = [nda.phrase("The agreement runs from %(start)s, without a fixed end.", start=nda.start)]
    if nda.secret == "months" and nda.survival:
        found.append(nda.phrase("The duty of secrecy goes on for %(span)s after its end.",
                                span=span_text(nda, nda.survival)))
    elif nda.secret == "none":
        found.append(nda.label("The duty of secrecy ends with it."))
    else:
        found.append(nda.label("The duty of secrecy goes on after its end without limit."))
    if nda.return_duty in RETURN_DUTIES:
        found.append(nda.label(RETURN_DUTIES[nda.return_duty]))
    return found


def _processing(nda: NdaValues) -> list[str]:
    if not nda.data_processing:
        return []
    found = []
    if nda.subjects:
        found.append(nda.phrase("Personal data of: %(subjects)s.", subjects=nda.subjects))
    if nda.data:
        found.append(nda.phrase("Kinds of data: %(data)s.", data=nda.data))
    if nda.subprocessors:
        return [*found, nda.phrase("These sub-processors are agreed: %(names)s.", names="; ".join(nda.subprocessors)),
                nda.label("No other is engaged without consent given in advance.")]
    return [*found, nda.label("No sub-processor is engaged without consent given in advance.")]
