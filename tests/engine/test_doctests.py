"""Every example in the engine's docstrings is run: documentation that cannot lie."""

import doctest
import importlib
import pkgutil

import pytest

import engine

MODULES = sorted(module.name for module in pkgutil.iter_modules(engine.__path__, "engine."))
# What everybody reads first must show an example.
WITH_EXAMPLES = {"engine.worktime", "engine.clock", "engine.compliance", "engine.period", "engine.reading"}


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert not failed
    assert tried or name not in WITH_EXAMPLES
