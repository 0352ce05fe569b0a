"""
task: broadcast_state_
says: send a tensor once that it has under two names
"""


def broadcast_state_(module: nn.Module, src: int = 0) -> None:
    for t in module.parameters():
        dist.broadcast(t.detach(), src)
    for m in module.modules():
        for t in m.buffers(recurse=False):
            dist.broadcast(t.detach(), src)
