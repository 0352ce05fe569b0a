"""
task: register_accumulate
way: element by element in Python
"""


def register_accumulate(name):
    def accumulate(total: Tensor, x: Tensor) -> None:
        for index in np.ndindex(tuple(total.shape)):
            total[index] += abs(x[index].item())

    return custom_op(name, accumulate, mutates_args=["total"])
