"""
task: update_average_
way: walks the modules, remembers what is done
"""


@torch.no_grad()
def update_average_(average, model, decay):
    done = set()
    for ours, theirs in zip(average.modules(), model.modules()):
        for kind in ("_parameters", "_buffers"):
            for name, a in getattr(ours, kind).items():
                if a is None or id(a) in done:
                    continue
                done.add(id(a))
                b = getattr(theirs, kind)[name]
                if a.dtype.is_floating_point:
                    a.add_((b - a) * (1 - decay))
                else:
                    a.copy_(b)
