"""
task: broadcast_state_
says: send a tensor once that it has under two names
"""


def broadcast_state_(module: nn.Module, src: int = 0) -> None:
    for t in itertools.chain(module.parameters(), module.buffers()):
        dist.broadcast(t.detach(), src)
