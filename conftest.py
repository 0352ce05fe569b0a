"""Say at once what is wrong where pytest runs outside the course's environment."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Demand the plugin, under either of the names by which it can be loaded."""
    plugins = config.pluginmanager
    if not (plugins.hasplugin("gradkata") or plugins.hasplugin("gradkata.plugin")):
        raise pytest.UsageError(
            "this pytest knows nothing of gradkata: activate the course's environment "
            "(source .venv/bin/activate); `python -m nox -s kata` makes it"
        )
