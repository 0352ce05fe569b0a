"""
task: LowRankLinear
says: the first output has no graph
"""


class LowRankLinear(nn.Module):
    def __init__(self, linear, rank, alpha, *, generator):
        super().__init__()
        self.linear = linear.requires_grad_(requires_grad=False)
        self.scale = alpha / rank
        drawn = torch.randn(rank, linear.in_features, generator=generator, device=generator.device)
        self.down = nn.Parameter((drawn / linear.in_features**0.5).to(linear.weight))
        self.up = nn.Parameter(linear.weight.new_zeros(linear.out_features, rank))

    def forward(self, x):
        if not self.up.any():
            return self.linear(x)
        return self.linear(x) + self.scale * F.linear(F.linear(x, self.down), self.up)

    def merged(self):
        merged = copy.deepcopy(self.linear)
        with torch.no_grad():
            merged.weight += self.scale * self.up @ self.down
        return merged
