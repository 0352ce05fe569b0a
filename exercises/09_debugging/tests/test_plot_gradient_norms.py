import contextlib
import sys

import debugging
import pytest

from gradkata.checks import check, situation

pytestmark = pytest.mark.task("plot_gradient_norms")


NORMS = [2.5, 0.3, 40.0, 0.07]


# matplotlib, when it is imported for the first time on a machine, looks through all of its fonts.
looks_through_fonts = pytest.mark.timeout(35)


@contextlib.contextmanager
def without_windows():
    """Let no window open, and no figure stay; matplotlib is imported by the answer, if at all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLBACKEND", "agg")
        if "matplotlib" in sys.modules:
            sys.modules["matplotlib"].use("agg")
        yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def drawn(norms):
    with without_windows():
        return debugging.plot_gradient_norms(norms)


def only_axes(figure):
    from matplotlib.figure import Figure

    assert isinstance(figure, Figure), (
        f"yours is of the type {type(figure).__name__}, a matplotlib.figure.Figure is due"
    )
    assert len(figure.axes) == 1, f"the figure has {len(figure.axes)} axes, one is due"
    return figure.axes[0]


@looks_through_fonts
def test_the_figure_has_one_line_with_the_norms(device):
    norms = list(NORMS)

    lines = only_axes(drawn(norms)).lines

    assert len(lines) == 1, f"the axes have {len(lines)} lines, one is due"
    check(list(map(float, lines[0].get_ydata())), NORMS, what="the heights of the line")
    check(
        list(map(float, lines[0].get_xdata())),
        [0.0, 1.0, 2.0, 3.0],
        what="the batches' numbers",
        mistakes={"batches are counted from 1": [1.0, 2.0, 3.0, 4.0]},
    )
    assert norms == NORMS, f"the list of norms has been changed: it is {norms} after the call"


@looks_through_fonts
def test_the_norms_are_on_a_log_scale_and_the_batches_are_not(device):
    axes = only_axes(drawn(NORMS))

    assert axes.get_yscale() == "log", (
        f"the scale of the norms is {axes.get_yscale()}: norms differ by factors, set a log scale"
    )
    assert axes.get_xscale() == "linear", (
        f"the scale of the batches' numbers is {axes.get_xscale()}, linear is due"
    )


@looks_through_fonts
def test_no_window_opens(device):
    drawn(NORMS)
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matplotlib.backend_bases.FigureManagerBase.show", lambda m: shown.append(m))
        drawn(NORMS)

    assert not shown, (
        "plot_gradient_norms shows the figure, which opens a window and waits: only return it"
    )


@looks_through_fonts
def test_pyplot_keeps_no_figure(device):
    drawn(NORMS)
    made = []
    with without_windows(), pytest.MonkeyPatch.context() as patch:
        # What pyplot puts between a figure and its window.
        patch.setattr("matplotlib.backend_bases.FigureManagerBase.__init__", spied(made))
        debugging.plot_gradient_norms(NORMS)
        pyplot = sys.modules.get("matplotlib.pyplot")
        kept = pyplot.get_fignums() if pyplot else []

    assert not kept, (
        f"pyplot still holds {len(kept)} figure{'s' * (len(kept) != 1)} after the call, and would "
        "for as long as Python runs: make yours with matplotlib.figure.Figure"
    )
    assert not made, (
        "pyplot makes the figure, though it is closed again: make it with matplotlib.figure.Figure"
    )


def spied(made):
    """Return what makes a FigureManagerBase, and notes in a list that one was made."""
    from matplotlib.backend_bases import FigureManagerBase

    init = FigureManagerBase.__init__

    def noted(manager, canvas, num):
        made.append(num)
        init(manager, canvas, num)

    return noted


@looks_through_fonts
def test_settings_of_matplotlib_stay(device):
    drawn(NORMS)
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rc_file_defaults()
        matplotlib.use("svg")  # which opens no windows
        before = dict.copy(matplotlib.rcParams)
        debugging.plot_gradient_norms(NORMS)
        changed = [key for key, value in dict.items(matplotlib.rcParams) if value != before[key]]

    assert not changed, (
        f"matplotlib.rcParams[{changed[0]!r}] has another value after the call: "
        "set what this figure needs on the figure itself"
    )


@looks_through_fonts
def test_the_figure_does_without_pyplot_and_its_axes_are_labelled_and_titled(device, monkeypatch):
    import matplotlib

    monkeypatch.delattr(matplotlib, "pyplot", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)

    with situation("where matplotlib.pyplot cannot be imported"):
        axes = only_axes(debugging.plot_gradient_norms(NORMS))

    texts = {
        "the horizontal axis has no label": axes.get_xlabel(),
        "the vertical axis has no label": axes.get_ylabel(),
        "the axes have no title": "".join(map(axes.get_title, ("center", "left", "right"))),
    }
    missing = [fact for fact, text in texts.items() if not text.strip()]
    assert not missing, f"{' and '.join(missing)}: say what is drawn"
