"""
task: LowRankLinear
says: no copy
"""


class LowRankLinear(nn.Module):
    """Plain."""

    def __init__(self, linear, rank, alpha, *, generator):
        super().__init__()
        self.linear = copy.deepcopy(linear).requires_grad_(False)
        w = linear.weight
        down = torch.randn(
            rank, w.shape[1], generator=generator, device=generator.device, dtype=w.dtype
        )
        self.down = nn.Parameter(down.to(w.device) / w.shape[1] ** 0.5)
        self.up = nn.Parameter(torch.zeros(w.shape[0], rank, dtype=w.dtype, device=w.device))
        self.scale = alpha / rank

    def forward(self, x):
        return self.linear(x) + F.linear(F.linear(x, self.down) * self.scale, self.up)

    def merged(self):
        new = copy.deepcopy(self.linear)
        with torch.no_grad():
            new.weight += self.scale * (self.up @ self.down)
        return new
