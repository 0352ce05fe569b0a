"""Keeps what judges toys from importing, in seconds, what none of them needs."""

import sys
import types

for name in ("gradkata.judging.warm", "gradkata.grading.usual"):
    sys.modules[name] = types.ModuleType(name)
