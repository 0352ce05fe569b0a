"""
task: backward_times_
way: recursion that splits n into halves; only the rightmost leaf of the recursion frees the graph.
"""


def backward_times_(loss: Tensor, n: int) -> None:
    def walk(k: int, keep: bool) -> None:
        if k == 1:
            loss.backward(torch.ones_like(loss), retain_graph=keep)
        elif k > 1:
            walk(k // 2, True)
            walk(k - k // 2, keep)

    walk(n, False)
