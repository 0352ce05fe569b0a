"""
task: freeze_
says: leaves encoder2.bias, encoder2.weight trainable
"""


def freeze_(module, prefix):
    submodule = module.get_submodule(prefix)
    submodule.requires_grad = False
    return len(list(submodule.parameters()))
