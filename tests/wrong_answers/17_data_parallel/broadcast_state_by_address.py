"""
task: broadcast_state_
says: yours['scale']: 1 of 2 elements differ
"""


def broadcast_state_(module: nn.Module, src: int = 0) -> None:
    seen = set()
    for t in [*module.parameters(), *module.buffers()]:
        if t.data_ptr() not in seen:
            seen.add(t.data_ptr())
            dist.broadcast(t.detach(), src)
