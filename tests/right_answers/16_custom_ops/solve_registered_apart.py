"""
task: register_solve
way: the rule is registered by name, and lets NumPy broadcast what is not mapped over
"""


def register_solve(name):
    def kernel(a: Tensor, b: Tensor) -> Tensor:
        x = np.linalg.solve(a.cpu().numpy(), b.unsqueeze(-1).cpu().numpy())
        return torch.from_numpy(x).to(b.device).squeeze(-1).clone()

    op = custom_op(name, kernel, mutates_args=())

    def rule(info, in_dims, a, b):
        a = a.unsqueeze(0) if in_dims[0] is None else a.movedim(in_dims[0], 0)
        b = torch.stack([b] * info.batch_size) if in_dims[1] is None else b.movedim(in_dims[1], 0)
        return op(a, b), 0

    torch.library.register_vmap(name, rule)
    return op
