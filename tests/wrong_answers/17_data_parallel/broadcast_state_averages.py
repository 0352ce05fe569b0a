"""
task: broadcast_state_
says: the mean over the ranks is taken
"""


def broadcast_state_(module, src=0):
    for t in [*module.parameters(), *module.buffers()]:
        if t.is_floating_point():
            dist.all_reduce(t.data)
            t.data /= dist.get_world_size()
        else:
            dist.broadcast(t, src)
