"""
Restores with m.train(mode), which is recursive: a submodule shared by two parents takes the mode of the later parent.

task: predict
says: shared by two blocks in train mode, is in train mode afterwards
"""


def predict(model: nn.Module, x: Tensor) -> Tensor:
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            return model(x).detach()
    finally:
        for m, mode in modes:
            m.train(mode)
