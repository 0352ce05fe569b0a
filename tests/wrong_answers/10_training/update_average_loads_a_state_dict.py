"""
task: update_average_
says: it is left out: the state_dict does not have it
"""


@torch.no_grad()
def update_average_(average, model, decay):
    theirs, ours = model.state_dict(), average.state_dict()
    average.load_state_dict(
        {
            name: decay * a + (1 - decay) * theirs[name] if a.is_floating_point() else theirs[name]
            for name, a in ours.items()
        }
    )
