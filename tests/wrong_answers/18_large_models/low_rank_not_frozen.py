"""
task: LowRankLinear
says: the parameters that train are
"""


class LowRankLinear(nn.Module):
    def __init__(self, linear, rank, alpha, *, generator):
        super().__init__()
        self.linear = linear
        self.scale = alpha / rank
        drawn = torch.randn(rank, linear.in_features, generator=generator, device=generator.device)
        self.down = nn.Parameter(drawn.to(linear.weight))
        self.up = nn.Parameter(linear.weight.new_zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + self.scale * F.linear(F.linear(x, self.down), self.up)

    def merged(self):
        merged = copy.deepcopy(self.linear)
        with torch.no_grad():
            merged.weight += self.scale * self.up @ self.down
        return merged
