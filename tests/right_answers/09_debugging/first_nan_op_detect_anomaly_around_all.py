"""
task: first_nan_op
way: detect_anomaly, which warns, around backward; the name found by splitting
"""


def first_nan_op(f, x):
    import warnings

    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.autograd.detect_anomaly(check_nan=True):
            try:
                y.backward(inputs=[leaf])
            except RuntimeError as error:
                if "returned nan values" in str(error):
                    return str(error).split("'")[1]
                raise error
