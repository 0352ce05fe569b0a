"""
task: register_solve
says: times, once is due: the rule is to call op once
"""


def register_solve(name):
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        columns = np.linalg.solve(a.numpy(force=True), b.numpy(force=True)[..., None])
        return torch.tensor(columns[..., 0], device=b.device)

    return solve
