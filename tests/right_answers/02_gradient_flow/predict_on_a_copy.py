"""
task: predict
way: a copy of the model in eval mode
"""


def predict(model, x):
    import copy

    twin = copy.deepcopy(model).eval()
    return twin(x.detach()).detach()
