"""
Puts the frozen submodule into eval mode, as fine-tuning recipes do; all else was to stay.

task: freeze_
says: the frozen submodule was in train mode and is in eval mode afterwards
"""


def freeze_(module: nn.Module, prefix: str) -> int:
    sub = dict(module.named_modules()).get(prefix)
    own = [] if sub is None else list(sub.parameters())
    if not own:
        raise KeyError(prefix)
    sub.eval()
    for p in own:
        p.requires_grad_(False)
        p.grad = None
    return len(own)
