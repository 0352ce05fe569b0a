"""
task: update_average_
way: writes through .data, by name
"""


def update_average_(average, model, decay):
    for ours, theirs in (
        (average.named_parameters(), dict(model.named_parameters())),
        (average.named_buffers(), dict(model.named_buffers())),
    ):
        for name, tensor in ours:
            new = theirs[name].data
            if torch.is_floating_point(tensor):
                new = decay * tensor.data + (1 - decay) * new
            tensor.data.copy_(new)
