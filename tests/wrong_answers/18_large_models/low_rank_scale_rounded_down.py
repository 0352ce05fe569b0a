"""
task: LowRankLinear
says: rounded down
"""


class LowRankLinear(nn.Module):
    """A frozen layer and a small change."""

    def __init__(self, linear, rank, alpha, *, generator):
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.scale = alpha // rank
        at = linear.weight
        drawn = torch.randn(rank, linear.in_features, generator=generator, device=generator.device)
        self.down = nn.Parameter(drawn.to(at))
        self.up = nn.Parameter(at.new_zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + self.scale * (x @ self.down.T @ self.up.T)

    def merged(self):
        merged = copy.deepcopy(self.linear)
        with torch.no_grad():
            merged.weight += self.scale * self.up @ self.down
        return merged
