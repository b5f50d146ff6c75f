"""Finding fonts, drawing what they have, telling what they lack."""

from dataclasses import replace
from pathlib import Path

import pytest
import reportlab
from report import fonts as font_module
from report.faces import FontSet
from report.fonts import load_fonts
from report.statement_pdf import render_statement
from reportlab.pdfbase import pdfmetrics
from statement_sample import BREACHES, SAMPLE, many_breaches, reader, sample, whole_text

CHINESE = "岸桥起升机构制动器无法松闸，客户要求立即到场处理。"


LIBRARY_FONTS = Path(reportlab.__file__).parent / "fonts"


@pytest.fixture
def chinese_fonts():
    fonts = load_fonts()
    if fonts.missing(CHINESE):
        pytest.skip("no Chinese TrueType font on this machine")
    return fonts


@pytest.fixture
def bare(monkeypatch):
    """A server without fonts of its own: reportlab's are all there is."""
    monkeypatch.setattr(font_module, "SYSTEM_FOLDERS", ())
    monkeypatch.delenv(font_module.FOLDER_VARIABLE, raising=False)
    load_fonts.cache_clear()
    yield
    load_fonts.cache_clear()


def test_chinese_can_be_read_back(chinese_fonts):
    statement = sample(
        language="zh_CN",
        title="服务水平报表",
        labels={"Service levels": "服务水平", "Page %(page)s of %(pages)s": "第 %(page)s 页，共 %(pages)s 页"},
        breaches=(replace(BREACHES[0], title=CHINESE, target="首次响应", late_by="42 分钟"),),
    )
    pdf = render_statement(statement, fonts=chinese_fonts)
    text = whole_text(pdf)
    for words in ("服务水平报表", "服务水平", CHINESE, "首次响应", "42 分钟", "第 1 页，共 2 页"):
        assert words in text
    assert pdf == render_statement(statement, fonts=chinese_fonts)
    for page in reader(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]
    assert reader(pdf).metadata.title == "服务水平报表 SLS/2026/0031"


def test_many_different_characters_need_more_than_one_subset(chinese_fonts):
    text = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 900))
    read = whole_text(render_statement(sample(notes=(text,)), fonts=chinese_fonts)).replace(" ", "")
    assert text in read


def test_a_line_is_cut_where_the_face_changes(chinese_fonts):
    pieces = chinese_fonts.runs("Crane 7 岸桥 ok")
    assert [piece for _face, piece in pieces] == ["Crane 7 ", "岸桥", " ok"]
    assert pieces[0][0] is pieces[2][0] is chinese_fonts.regular[0]
    bold = chinese_fonts.runs("岸桥", bold=True)
    assert bold[0][0].stroked


def test_letters_of_europe(bare):
    fonts = load_fonts()
    assert fonts.description == "BitstreamVeraSans"
    assert fonts.missing("Grüße, København, façade €") == ""
    assert fonts.missing("Łódź łąka Москва 岸") == "źąМосква岸"


def test_what_no_face_has_is_seen_and_told(bare):
    fonts = load_fonts()
    text = whole_text(render_statement(sample(notes=("Москва ok",)), fonts=fonts))
    assert "?????? ok" in text
    assert fonts.missing("\u200b\n\t soft\u00adhyphen") == ""


def test_without_any_truetype_font(bare, monkeypatch, tmp_path):
    monkeypatch.setattr(font_module.reportlab, "__file__", str(tmp_path / "__init__.py"))
    fonts = load_fonts()
    assert fonts.description == "Helvetica"
    text = whole_text(render_statement(sample(), fonts=fonts))
    assert "1058 København K" in text and "Service levels" in text


@pytest.mark.parametrize("content", [b"", b"OTTO\x00\x01\x00\x10" + b"\x00" * 200, b"not a font at all" * 20])
def test_a_font_that_cannot_be_used_is_named(tmp_path, content):
    path = tmp_path / "Broken.ttf"
    path.write_bytes(content)
    fonts = load_fonts(latin=str(path), cjk=str(tmp_path / "absent.ttc"))
    assert len(fonts.problems) == 2
    assert str(path) in fonts.problems[0] and "absent.ttc" in fonts.problems[1]
    assert fonts.regular[0].title
    load_fonts.cache_clear()


def test_folders_are_searched_in_order(bare, monkeypatch, tmp_path):
    """Folders given, then the one of the environment, then the system's: told apart by a family's file."""
    sources = {"given": "Vera", "named": "VeraIt", "system": "VeraBI"}
    for folder, stem in sources.items():
        (tmp_path / folder / "deep").mkdir(parents=True)
        for name, source in (("Open_Sans-Regular", stem), ("Open_Sans-Bold", "VeraBd")):
            content = (LIBRARY_FONTS / f"{source}.ttf").read_bytes()
            (tmp_path / folder / "deep" / f"{name}.ttf").write_bytes(content)
    sizes = {folder: (LIBRARY_FONTS / f"{stem}.ttf").stat().st_size for folder, stem in sources.items()}
    monkeypatch.setattr(font_module, "SYSTEM_FOLDERS", (str(tmp_path / "system"),))

    def chosen(folders=()):
        load_fonts.cache_clear()
        return load_fonts(folders=folders).regular[0].name

    assert chosen() == f"aftersales-Open_Sans-Regular-{sizes['system']}"
    monkeypatch.setenv(font_module.FOLDER_VARIABLE, str(tmp_path / "named"))
    assert chosen() == f"aftersales-Open_Sans-Regular-{sizes['named']}"
    assert chosen((str(tmp_path / "given"),)) == f"aftersales-Open_Sans-Regular-{sizes['given']}"


def test_a_chosen_family(bare):
    folder = LIBRARY_FONTS
    fonts = load_fonts(latin=str(folder / "Vera.ttf"))
    assert [fonts.regular[0].name, fonts.bold[0].name] == [
        f"aftersales-{stem}-{(folder / stem).with_suffix('.ttf').stat().st_size}" for stem in ("Vera", "VeraBd")
    ]
    italic = load_fonts(latin=str(folder / "VeraIt.ttf"))
    assert italic.bold[0].stroked, "without a bold beside it the regular one is thickened"


def test_the_name_of_a_font_does_not_tell_where_it_lies(bare):
    assert b"site-packages" not in render_statement(sample(), fonts=load_fonts())


def test_composed_and_foreign_characters():
    fonts = load_fonts()
    assert fonts.clean("Ko\u0308ln\u200b\t1\u202f2") in ("Köln 1\u202f2", "Köln 1\u00a02")
    assert fonts.missing("\U0010ffff") == "\U0010ffff" or fonts.missing("\ue0ff") == "\ue0ff"
    assert isinstance(fonts, FontSet)


def test_nothing_is_kept_between_documents():
    fonts = load_fonts()
    for index in range(5):
        render_statement(sample(number=str(index), breaches=many_breaches(3)), fonts=fonts)
    assert [len(pdfmetrics.getFont(face.name).state) for face in fonts.regular if face.embedded] == [
        0 for face in fonts.regular if face.embedded
    ]
    assert SAMPLE.number == "SLS/2026/0031"
