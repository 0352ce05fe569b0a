"""Find a learner's modules, and run each one's code once, when its first test asks for it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType


class AnswerLoader(SourceFileLoader):
    """Makes the module empty at import; `execute` runs its code.

    So a test file can be collected, listed and selected whatever its answer does.
    """

    failure: BaseException | None = None
    executed = False

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 — importlib's signature
        """Compile the source as it is now.

        The bytecode cache trusts a file's size and second, and a changed sign changes neither.
        """
        return self.source_to_code(self.get_data(self.path), self.path)

    def exec_module(self, module: ModuleType) -> None:
        """Leave the module empty until `execute`, or until another answer wants a name of it."""

        def late(name: str) -> object:
            if not self.executed and is_answer(sys._getframe(1).f_globals):
                self.execute(module)
                return getattr(module, name)
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

        # Python asks a module for a name it lacks by a function of this name.
        module.__getattr__ = late  # type: ignore[method-assign]

    def execute(self, module: ModuleType) -> None:
        """Run the module's code; a second call gives the first one's failure again.

        Raises:
            BaseException: whatever the learner's code raises, `SystemExit` too.
        """
        if not self.executed:
            self.executed = True
            try:
                exec(self.get_code(module.__name__), module.__dict__)
            except BaseException as failure:
                self.failure = failure
                raise
        elif self.failure is not None:
            raise self.failure


class AnswerFinder(MetaPathFinder):
    """Answers for the course's module names only, each with the one file that is judged."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 — importlib's signature
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Return the spec of an exercise's module, None for any other."""
        if fullname not in self.files:
            return None
        file = str(self.files[fullname])
        return spec_from_file_location(fullname, file, loader=AnswerLoader(fullname, file))

    def install(self) -> None:
        """Ask this finder first, and forget modules that came from elsewhere."""
        self._forget_modules()
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Undo `install`."""
        self._forget_modules()
        sys.meta_path.remove(self)

    def _forget_modules(self) -> None:
        for name in self.files:
            sys.modules.pop(name, None)


def is_answer(namespace: Mapping[str, object]) -> bool:
    """Tell whether code with these globals stands in a learner's file."""
    return isinstance(namespace.get("__loader__"), AnswerLoader)
