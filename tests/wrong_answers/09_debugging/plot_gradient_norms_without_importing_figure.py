"""
Relies on the import that is for type checkers only.

task: plot_gradient_norms
says: NameError: name 'Figure' is not defined
"""


def plot_gradient_norms(norms: Sequence[float]) -> Figure:
    figure = Figure()
    axes = figure.add_subplot()
    axes.semilogy(norms)
    axes.set(xlabel="batch", ylabel="norm", title="norms")
    return figure
