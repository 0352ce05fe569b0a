"""
Makes no figure by pyplot, but imports it for the class Figure.

task: plot_gradient_norms
says: where matplotlib.pyplot cannot be imported, it raises
"""


def plot_gradient_norms(norms):
    import matplotlib.pyplot as plt

    figure = plt.Figure()
    axes = figure.subplots()
    axes.semilogy(list(norms))
    axes.set(xlabel="batch", ylabel="gradient norm", title="Gradient norm of each batch")
    return figure
