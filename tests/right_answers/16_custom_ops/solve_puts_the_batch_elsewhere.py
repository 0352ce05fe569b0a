"""
task: register_solve
way: the new leading axis stands second, if there is one
"""


def register_solve(name):
    @custom_op(name, mutates_args=())
    def solve(a: Tensor, b: Tensor) -> Tensor:
        inverse_free = np.empty(tuple(b.shape))
        for index in np.ndindex(tuple(b.shape[:-1])):
            inverse_free[index] = np.linalg.solve(a[index].cpu().numpy(), b[index].cpu().numpy())
        return torch.tensor(inverse_free, dtype=b.dtype, device=b.device)

    def rule(info, in_dims, a, b):
        of_a, of_b = in_dims
        leading = (b.ndim if of_b is None else b.ndim - 1) - 1
        at = min(leading, 1)
        a = a.unsqueeze(at) if of_a is None else a.movedim(of_a, at)
        b = b.unsqueeze(at) if of_b is None else b.movedim(of_b, at)
        size = info.batch_size
        a = a.expand(*a.shape[:at], size, *a.shape[at + 1 :])
        b = b.expand(*b.shape[:at], size, *b.shape[at + 1 :])
        return solve(a, b), at

    solve.register_vmap(rule)
    return solve
