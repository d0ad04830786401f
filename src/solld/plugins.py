"""Finds what a package offers: one constant from each of its modules."""

import importlib
import pkgutil
from typing import Any


def collect(package: str, constant: str) -> tuple[Any, ...]:
    """The constants of that name, in the order of the modules' names; a broken module fails here, at start."""
    root = importlib.import_module(package)
    modules = (importlib.import_module(f"{package}.{info.name}") for info in pkgutil.iter_modules(root.__path__))
    return tuple(getattr(module, constant) for module in modules if hasattr(module, constant))
