"""
task: broadcast_state_
says: elements are sent, and the module has
"""


def broadcast_state_(module, src=0):
    for m in module.modules():
        for t in [*m.parameters(recurse=False), *m.buffers(recurse=False)]:
            dist.broadcast(t.detach(), src)
        for t in m._buffers.values():
            if t is not None:
                dist.broadcast(t, src)
