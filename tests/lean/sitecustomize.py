"""Keeps what judges toys from importing, in seconds, what none of them needs."""

import sys
import types

WARM = "gradkata.judging.warm"
sys.modules[WARM] = types.ModuleType(WARM)
