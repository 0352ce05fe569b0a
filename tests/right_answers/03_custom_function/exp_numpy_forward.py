"""
task: Exp
way: forward is NumPy's exp in double precision, and the vmap rule moves the batch to the last axis first.
"""


class Exp(Function):
    @staticmethod
    def forward(x: Tensor) -> Tensor:
        with np.errstate(all="ignore"):
            y = np.asarray(np.exp(x.detach().cpu().double().numpy()))
        return torch.as_tensor(y).to(dtype=x.dtype, device=x.device)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor], output: Tensor) -> None:
        for save in (ctx.save_for_backward, ctx.save_for_forward):
            save(output)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        return torch.mul(*ctx.saved_tensors, grad_output)

    # eˣ is its own slope in both directions
    jvp = backward

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None], x: Tensor) -> tuple[Tensor, int | None]:
        batch_last = x if in_dims[0] is None else x.movedim(in_dims[0], -1)
        return Exp.apply(batch_last), None if in_dims[0] is None else x.dim() - 1
