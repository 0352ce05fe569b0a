"""
task: freeze_
says: leaves tied.weight trainable, which is also encoder.0.weight
says: its first name only
"""


def freeze_(module, prefix):
    chosen = [p for n, p in module.named_parameters() if n.startswith(prefix + ".")]
    if not chosen:
        raise KeyError(prefix)
    for p in chosen:
        p.requires_grad_(False)
        p.grad = None
    return len(chosen)
