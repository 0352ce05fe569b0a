"""Ctrl-C before the command line is there to answer it."""

import pytest

from gradkata import cli
from gradkata.cli import app


def test_ctrl_c_while_kata_starts_is_no_traceback(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "main", interrupted)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 130
    assert "Traceback" not in capsys.readouterr().err
