"""
task: predict
way: touches only the submodules that are in train mode, by a context manager of its own, under a decorated call.
"""

from contextlib import contextmanager


def predict(model: nn.Module, x: Tensor) -> Tensor:
    @contextmanager
    def asleep():
        awake = [m for m in model.modules() if m.training]
        try:
            for m in awake:
                m.training = False
            yield
        finally:
            model.eval()
            for m in awake:
                m.training = True

    @torch.no_grad()
    def call() -> Tensor:
        return model(x.detach())

    with asleep():
        return call().detach()
