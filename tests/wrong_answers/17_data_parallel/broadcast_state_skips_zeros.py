"""
task: broadcast_state_
says: all ranks must make the same collectives
"""


def broadcast_state_(module: nn.Module, src: int = 0) -> None:
    seen = set()
    for t in itertools.chain(module.parameters(), module.buffers()):
        if id(t) not in seen and t.any():
            seen.add(id(t))
            dist.broadcast(t.detach(), src)
