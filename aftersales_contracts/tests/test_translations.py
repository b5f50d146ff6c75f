"""The translations that come with the addon: complete, with each placeholder and tag of the source, and in use."""

import re
from collections import Counter
from pathlib import Path

import polib
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools.translate import code_translations

from ..report.labels import LABELS
from .common import AftersalesCase
from .statement_common import StatementCase

FOLDER = Path(__file__).parent.parent / "i18n"
PLACEHOLDER = re.compile(r"%\(\w+\)\d*[sdf]|%[a-zA-Z]\b|\{\{.*?\}\}")
TAG = re.compile(r"</?[a-z][^>]*>")
SPOKEN = re.compile(r""" (?:title|aria-label|placeholder|alt)=("[^"]*"|'[^']*')""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text):
    return Counter(PLACEHOLDER.findall(text))


def tags(text):
    """The tags, without the attributes that people read."""
    return Counter(re.sub(r"\s*/>$", "/>", SPOKEN.sub("", tag)) for tag in TAG.findall(text))


@tagged("post_install", "-at_install")
class TestTranslationFiles(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = {entry.msgid for entry in polib.pofile(str(FOLDER / "aftersales_contracts.pot"))}
        cls.catalogues = {path.stem: polib.pofile(str(path)) for path in sorted(FOLDER.glob("*.po"))}

    def unlike(self, aspect):
        """(language, source, translation) wherever ``aspect`` of the two differs."""
        return [(language, entry.msgid, entry.msgstr) for language, catalogue in self.catalogues.items()
                for entry in catalogue if aspect(entry.msgid) != aspect(entry.msgstr)]

    def test_each_source_is_translated_once(self):
        self.assertLessEqual({"zh_TW", "zh_CN", "de", "fr"}, set(self.catalogues))
        for language, catalogue in self.catalogues.items():
            with self.subTest(language=language):
                found = Counter(entry.msgid for entry in catalogue if entry.msgstr.strip())
                self.assertEqual(sorted(self.sources - set(found)), [], "not translated")
                self.assertEqual(sorted(set(found) - self.sources), [], "not in the template")
                self.assertEqual([source for source, count in found.items() if count > 1], [], "twice")
                self.assertEqual(catalogue.fuzzy_entries() + catalogue.obsolete_entries(), [])

    def test_placeholders_are_kept(self):
        self.assertEqual(placeholders("%(met)s of %s, %(minutes)02d {{ object.name }} 100 %"),
                         Counter(["%(met)s", "%s", "%(minutes)02d", "{{ object.name }}"]))
        self.assertEqual(self.unlike(placeholders), [])

    def test_tags_are_kept(self):
        self.assertEqual(tags('<b>Go</b> <i class="fa" title="Here" />'), Counter(["<b>", "</b>", '<i class="fa"/>']))
        self.assertEqual(self.unlike(tags), [])

    def test_the_template_holds_the_words_of_the_statement(self):
        self.assertEqual(sorted(set(LABELS) - self.sources), [], "export the terms again")

    def test_taiwan_and_the_mainland_have_words_of_their_own(self):
        words = {language: {entry.msgid: entry.msgstr for entry in self.catalogues[language]}
                 for language in ("zh_TW", "zh_CN")}
        for source, taiwan, mainland in (
                ("Contract", "合約", "合同"), ("Breached", "逾時", "超时"), ("Service levels", "服務水準", "服务水平"),
                ("Serial Number", "序號", "序列号"), ("Support Tier", "支援層級", "支持层级")):
            self.assertEqual((words["zh_TW"][source], words["zh_CN"][source]), (taiwan, mainland))

    def test_nothing_of_a_machine_or_a_person(self):
        for path in FOLDER.iterdir():
            with self.subTest(path=path.name):
                self.assertNotRegex(path.read_text(encoding="utf-8"), r"/(home|root|work|tmp)/|[\w.]+@[\w.]+\.\w+")


class TestLoadedTranslations(StatementCase):
    def test_every_word_of_the_statement(self):
        for language in ("zh_TW", "zh_CN"):
            self.speak(language)
            labels = self.contract.with_context(lang=language)._presentation()["labels"]
            self.assertEqual([label for label in LABELS if not CHINESE.search(labels.get(label, ""))], [], language)

    def test_fields_and_selections(self):
        self.speak("zh_TW")
        contract = self.contract.with_context(lang="zh_TW")
        described = contract.fields_get(["service_mode"])["service_mode"]
        self.assertEqual(described["string"], "服務方式")
        self.assertEqual(dict(described["selection"])["outsourced"], "外包")

    def test_errors(self):
        self.speak("zh_TW")
        with self.assertRaisesRegex(Exception, "合約的狀態只能以其按鈕變更"):
            self.contract.with_context(lang="zh_TW").write({"state": "terminated"})

    def test_browser_scripts(self):
        messages = code_translations.get_web_translations("aftersales_contracts", "zh_TW")["messages"]
        self.assertEqual({message["id"]: message["string"] for message in messages}["Why?"], "為什麼？")


class TestPortalInChinese(AftersalesCase, HttpCase):
    speak = StatementCase.speak

    def test_contracts(self):
        self.speak("zh_TW")
        self.contact.lang = "zh_TW"
        self.authenticate(self.carla.login, self.carla.login)
        page = self.url_open("/my/contracts").text
        for word in ("服務合約", "合約期間", "無期限"):
            self.assertIn(word, page)
        self.assertNotIn("Service Contracts", page)
