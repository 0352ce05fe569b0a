"""
Forgets that a buffer may be registered as None.

task: update_average_
says: AttributeError
"""


def update_average_(average, model, decay):
    done = set()
    with torch.no_grad():
        for m, n in zip(average.modules(), model.modules()):
            for k, a in [*m._parameters.items(), *m._buffers.items()]:
                b = n._parameters.get(k) if k in n._parameters else n._buffers[k]
                if k in m._parameters and a is None or a in done:
                    continue
                done.add(a)
                if a.is_floating_point():
                    a.mul_(decay).add_(b, alpha=1 - decay)
                else:
                    a.copy_(b)
