"""
task: register_correlate
says: no autograd formula was registered
"""


def register_correlate(name):
    @custom_op(name, mutates_args=())
    def correlate(x: Tensor, w: Tensor) -> Tensor:
        values = np.correlate(x.numpy(force=True), w.numpy(force=True), "valid")
        return torch.tensor(values, device=x.device)

    @correlate.register_fake
    def _(x, w):
        return x.new_empty(x.shape[0] - w.shape[0] + 1)

    return correlate
