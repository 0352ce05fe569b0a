"""
pyplot makes the figure, and keeps it.

task: plot_gradient_norms
says: pyplot still holds 1 figure after the call
"""


def plot_gradient_norms(norms):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.semilogy(norms)
    axes.set(xlabel="batch", ylabel="norm", title="norms")
    return figure
