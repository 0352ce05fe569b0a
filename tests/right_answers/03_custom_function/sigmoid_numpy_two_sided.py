"""
task: Sigmoid
way: forward is NumPy in double precision, by the two-sided formula; backward is one einsum of three.
"""


class Sigmoid(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        a = np.asarray(x.detach().cpu().double().numpy())
        small = np.exp(-np.abs(a))
        s = np.where(a < 0, small, 1.0) / (1.0 + small)
        out = torch.as_tensor(s).to(dtype=x.dtype, device=x.device)
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        (s,) = ctx.saved_tensors
        return torch.einsum("...,...,...->...", grad_output, s, 1 - s)
