"""
Shows the figure.

task: plot_gradient_norms
says: shows the figure, which opens a window and waits
"""


def plot_gradient_norms(norms):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.semilogy(norms)
    axes.set(xlabel="batch", ylabel="norm", title="norms")
    plt.show()
    plt.close(figure)
    return figure
